package dev.malachite.server.environment;

import dev.malachite.api.Errors;
import dev.malachite.server.database.Ordering;
import dev.malachite.server.database.Page;
import dev.malachite.server.database.Slice;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.NextLink;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
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
        return page(
                environments.listContainers(workspace.id(), archived(listViewType), Page.of(top, skip, PAGE)),
                container -> EnvironmentResource.container(workspace, container),
                top,
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
        return page(
                environments.listVersions(
                        workspace.id(), name, archived(listViewType), ordering, Page.of(top, skip, PAGE)),
                version -> EnvironmentResource.version(workspace, version),
                top,
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
            Workspace workspace,
            @PathVariable String name,
            @PathVariable String version,
            @Body ObjectNode body,
            @Nullable Principal principal) {
        if (!(Json.member(body, "properties") instanceof ObjectNode properties)) {
            throw new AzureException(Errors.invalidContent("'properties' must be an object"));
        }
        Environments.Put put =
                environments.put(workspace.id(), name, version, properties, EnvironmentRules.author(principal));
        return ResponseEntity.status(put.created() ? HttpStatus.CREATED : HttpStatus.OK)
                .body(EnvironmentResource.version(workspace, put.version()));
    }

    private static <T> ObjectNode page(
            Slice<T> slice, Function<T, ObjectNode> wire, @Nullable Integer top, HttpServletRequest request) {
        ObjectNode answer = Json.object();
        ArrayNode value = answer.putArray("value");
        slice.items().forEach(item -> value.add(wire.apply(item)));
        // With $top the caller wants so many and no more; without it, all of them, page by page.
        Optional<String> next = top == null ? slice.next() : Optional.empty();
        answer.put(
                "nextLink",
                next.map(skip -> NextLink.of(request, "$skip", skip)).orElse(null));
        return answer;
    }

    private static Optional<Boolean> archived(String listViewType) {
        return switch (listViewType.toLowerCase(Locale.ROOT)) {
            case "activeonly" -> Optional.of(false);
            case "archivedonly" -> Optional.of(true);
            case "all" -> Optional.empty();
            default ->
                throw new AzureException(
                        Errors.invalidParameter("listViewType", "it is one of ActiveOnly, ArchivedOnly and All."));
        };
    }

    private static AzureException notFound(Workspace workspace, String name) {
        return new AzureException(Errors.resourceNotFound(
                "Microsoft.MachineLearningServices/workspaces/" + workspace.name() + "/environments",
                name,
                workspace.ref().resourceGroup()));
    }
}
