package dev.malachite.server.asset;

import dev.malachite.api.Errors;
import dev.malachite.server.database.Filter;
import dev.malachite.server.database.Ordering;
import dev.malachite.server.database.Page;
import dev.malachite.server.database.ResourcePage;
import dev.malachite.server.database.Slice;
import dev.malachite.server.web.Author;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.ListViewType;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** Data, models and components as resources of Azure Resource Manager, as azure-ai-ml uses them. */
@RestController
@RequestMapping(WorkspaceRef.PATH + "/{kind:data|models|components}")
class AssetController {

    private static final int PAGE = 100;

    private final AssetStore assets;
    private final AssetReferences references;
    private final AssetResource resources;

    AssetController(AssetStore assets, AssetReferences references, AssetResource resources) {
        this.assets = assets;
        this.references = references;
        this.resources = resources;
    }

    @GetMapping
    ObjectNode containers(
            Workspace workspace,
            @PathVariable String kind,
            @RequestParam(defaultValue = "ActiveOnly") String listViewType,
            @RequestParam(required = false) @Nullable Integer count,
            @RequestParam(name = "$skip", required = false) @Nullable String skip,
            HttpServletRequest request) {
        return ResourcePage.of(
                assets.listContainers(
                        workspace.id(), kind(kind), ListViewType.archived(listViewType), Page.of(count, skip, PAGE)),
                container -> resources.container(workspace, container),
                false,
                request);
    }

    @GetMapping("/{name}")
    ObjectNode container(Workspace workspace, @PathVariable String kind, @PathVariable String name) {
        return assets.findContainer(workspace.id(), kind(kind), name)
                .map(container -> resources.container(workspace, container))
                .orElseThrow(() -> notFound(workspace, kind(kind), name));
    }

    @PutMapping("/{name}")
    ObjectNode putContainer(
            Workspace workspace, @PathVariable String kind, @PathVariable String name, @Body ObjectNode body) {
        return resources.container(
                workspace, assets.putContainer(workspace, kind(kind), name, Json.objectAt(body, "properties")));
    }

    @DeleteMapping("/{name}")
    ResponseEntity<Void> deleteContainer(Workspace workspace, @PathVariable String kind, @PathVariable String name) {
        return deleted(assets.deleteContainer(workspace.id(), kind(kind), name));
    }

    /** The newest first unless told otherwise: clients take the first for the latest. */
    @GetMapping("/{name}/versions")
    ObjectNode versions(
            Workspace workspace,
            @PathVariable String kind,
            @PathVariable String name,
            @RequestParam(defaultValue = "ActiveOnly") String listViewType,
            @RequestParam(name = "$orderBy", defaultValue = "") String order,
            @RequestParam(name = "$top", required = false) @Nullable Integer top,
            @RequestParam(name = "$skip", required = false) @Nullable String skip,
            @RequestParam(required = false) @Nullable String version,
            @RequestParam(required = false) @Nullable String description,
            @RequestParam(required = false) @Nullable String tags,
            @RequestParam(name = "$tags", required = false) @Nullable String odataTags,
            @RequestParam(required = false) @Nullable String properties,
            @RequestParam(required = false) @Nullable String stage,
            HttpServletRequest request) {
        Filter filter = Filter.all(
                Filter.eq("name", name),
                ListViewType.archived(listViewType)
                        .map(flag -> Filter.eq("archived", flag.toString()))
                        .orElse(Filter.all()),
                AssetFilters.when("version", version),
                AssetFilters.when("description", description),
                AssetFilters.attributes("tags", tags),
                AssetFilters.attributes("tags", odataTags),
                AssetFilters.attributes("properties", properties));
        Slice<AssetVersion> slice =
                assets.list(workspace.id(), kind(kind), filter, Ordering.parse(order), Page.of(top, skip, PAGE));
        if (stage == null || stage.isBlank()) {
            return ResourcePage.of(slice, found -> resources.version(workspace, found), top != null, request);
        }
        // It is a part of the document, which the database does not look into: a page has fewer, and there is a next.
        List<AssetVersion> there = slice.items().stream()
                .filter(found -> Json.string(found.document(), "stage")
                        .filter(stage::equalsIgnoreCase)
                        .isPresent())
                .toList();
        return ResourcePage.of(
                new Slice<>(there, slice.next()), found -> resources.version(workspace, found), false, request);
    }

    @GetMapping({"/{name}/versions/{version}", "/{name}/labels/{version}"})
    ObjectNode version(
            Workspace workspace, @PathVariable String kind, @PathVariable String name, @PathVariable String version) {
        return references
                .version(workspace, kind(kind), name, Optional.of(version))
                .map(found -> resources.version(workspace, found))
                .orElseThrow(() -> notFound(workspace, kind(kind), name + "/versions/" + version));
    }

    @PutMapping("/{name}/versions/{version}")
    ResponseEntity<ObjectNode> putVersion(
            Workspace workspace,
            @PathVariable String kind,
            @PathVariable String name,
            @PathVariable String version,
            @Body ObjectNode body) {
        if (!(Json.member(body, "properties") instanceof ObjectNode properties)) {
            throw new AzureException(Errors.invalidContent("'properties' must be an object"));
        }
        AssetStore.Put put =
                assets.put(workspace, kind(kind), name, Optional.of(version), properties, Author.current());
        return ResponseEntity.status(put.created() ? HttpStatus.CREATED : HttpStatus.OK)
                .body(resources.version(workspace, put.version()));
    }

    @DeleteMapping("/{name}/versions/{version}")
    ResponseEntity<Void> deleteVersion(
            Workspace workspace, @PathVariable String kind, @PathVariable String name, @PathVariable String version) {
        return deleted(assets.delete(workspace.id(), kind(kind), name, version));
    }

    private static ResponseEntity<Void> deleted(boolean was) {
        return ResponseEntity.status(was ? HttpStatus.OK : HttpStatus.NO_CONTENT)
                .build();
    }

    private static AssetKind kind(String segment) {
        return AssetKind.ofSegment(segment).orElseThrow();
    }

    private static AzureException notFound(Workspace workspace, AssetKind kind, String name) {
        return new AzureException(Errors.resourceNotFound(
                "Microsoft.MachineLearningServices/workspaces/" + workspace.name() + "/" + kind.segment(),
                name,
                workspace.ref().resourceGroup()));
    }
}
