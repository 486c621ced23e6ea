package dev.malachite.server.environment;

import dev.malachite.api.Errors;
import dev.malachite.server.database.Ordering;
import dev.malachite.server.database.Page;
import dev.malachite.server.database.ResourcePage;
import dev.malachite.server.web.Author;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.ListViewType;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
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

/** Environments as resources of Azure Resource Manager, as azure-ai-ml uses them. */
@RestController
@RequestMapping(WorkspaceRef.PATH + "/environments")
class EnvironmentV2Controller {

    private static final int PAGE = 100;

    private final Environments environments;

    EnvironmentV2Controller(Environments environments) {
        this.environments = environments;
    }

    @GetMapping
    ObjectNode containers(
            Workspace workspace,
            @RequestParam(defaultValue = "ActiveOnly") String listViewType,
            @RequestParam(name = "$top", required = false) @Nullable Integer top,
            @RequestParam(name = "$skip", required = false) @Nullable String skip,
            HttpServletRequest request) {
        return ResourcePage.of(
                environments.listContainers(
                        workspace.id(), ListViewType.archived(listViewType), Page.of(top, skip, PAGE)),
                container -> EnvironmentResource.container(workspace, container),
                top != null,
                request);
    }

    @GetMapping("/{name}")
    ObjectNode container(Workspace workspace, @PathVariable String name) {
        return environments
                .findContainer(workspace.id(), name)
                .map(container -> EnvironmentResource.container(workspace, container))
                .orElseThrow(() -> notFound(workspace, name));
    }

    @PutMapping("/{name}")
    ObjectNode putContainer(Workspace workspace, @PathVariable String name, @Body ObjectNode body) {
        return EnvironmentResource.container(
                workspace, environments.putContainer(workspace.id(), name, Json.objectAt(body, "properties")));
    }

    /** The newest first unless told otherwise: clients take the first for the latest. */
    @GetMapping("/{name}/versions")
    ObjectNode versions(
            Workspace workspace,
            @PathVariable String name,
            @RequestParam(defaultValue = "ActiveOnly") String listViewType,
            @RequestParam(name = "$orderBy", defaultValue = "") String order,
            @RequestParam(name = "$top", required = false) @Nullable Integer top,
            @RequestParam(name = "$skip", required = false) @Nullable String skip,
            HttpServletRequest request) {
        List<Ordering> ordering = Ordering.parse(order);
        return ResourcePage.of(
                environments.listVersions(
                        workspace.id(), name, ListViewType.archived(listViewType), ordering, Page.of(top, skip, PAGE)),
                version -> EnvironmentResource.version(workspace, version),
                top != null,
                request);
    }

    @GetMapping("/{name}/versions/{version}")
    ObjectNode version(Workspace workspace, @PathVariable String name, @PathVariable String version) {
        return environments
                .find(workspace.id(), name, version)
                .map(found -> EnvironmentResource.version(workspace, found))
                .orElseThrow(() -> notFound(workspace, name + "/versions/" + version));
    }

    @PutMapping("/{name}/versions/{version}")
    ResponseEntity<ObjectNode> putVersion(
            Workspace workspace, @PathVariable String name, @PathVariable String version, @Body ObjectNode body) {
        if (!(Json.member(body, "properties") instanceof ObjectNode properties)) {
            throw new AzureException(Errors.invalidContent("'properties' must be an object"));
        }
        Environments.Put put = environments.put(workspace.id(), name, version, properties, Author.current());
        return ResponseEntity.status(put.created() ? HttpStatus.CREATED : HttpStatus.OK)
                .body(EnvironmentResource.version(workspace, put.version()));
    }

    @DeleteMapping("/{name}")
    ResponseEntity<Void> deleteContainer(Workspace workspace, @PathVariable String name) {
        return deleted(environments.delete(workspace.id(), name));
    }

    @DeleteMapping("/{name}/versions/{version}")
    ResponseEntity<Void> deleteVersion(Workspace workspace, @PathVariable String name, @PathVariable String version) {
        return deleted(environments.delete(workspace.id(), name, version));
    }

    private static ResponseEntity<Void> deleted(boolean was) {
        return ResponseEntity.status(was ? HttpStatus.OK : HttpStatus.NO_CONTENT)
                .build();
    }

    private static AzureException notFound(Workspace workspace, String name) {
        return new AzureException(Errors.resourceNotFound(
                "Microsoft.MachineLearningServices/workspaces/" + workspace.name() + "/environments",
                name,
                workspace.ref().resourceGroup()));
    }
}
