package dev.malachite.server.snapshot;

import dev.malachite.api.Errors;
import dev.malachite.server.database.Page;
import dev.malachite.server.database.ResourcePage;
import dev.malachite.server.web.AssetContainers;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.ListViewType;
import dev.malachite.server.web.SystemData;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** Code assets by name ({@code codeContainers} of the management clients). azure-ai-ml asks for their versions alone. */
@RestController
@RequestMapping(WorkspaceRef.PATH + "/codes")
class CodeAssetController {

    private static final String TYPE = "Microsoft.MachineLearningServices/workspaces/codes";
    private static final int PAGE = 100;

    private final CodeAssets codes;

    CodeAssetController(CodeAssets codes) {
        this.codes = codes;
    }

    @GetMapping
    ObjectNode list(
            Workspace workspace,
            @RequestParam(defaultValue = "ActiveOnly") String listViewType,
            @RequestParam(name = "$skip", required = false) @Nullable String skip,
            HttpServletRequest request) {
        return ResourcePage.of(
                codes.list(workspace.id(), ListViewType.archived(listViewType), Page.of(null, skip, PAGE)),
                code -> resource(workspace, code),
                false,
                request);
    }

    @GetMapping("/{name}")
    ObjectNode get(Workspace workspace, @PathVariable String name) {
        return codes.find(workspace.id(), name)
                .map(code -> resource(workspace, code))
                .orElseThrow(() -> new AzureException(Errors.resourceNotFound(
                        "Microsoft.MachineLearningServices/workspaces/" + workspace.name() + "/codes",
                        name,
                        workspace.ref().resourceGroup())));
    }

    @PutMapping("/{name}")
    ResponseEntity<ObjectNode> put(Workspace workspace, @PathVariable String name, @Body ObjectNode body) {
        boolean known = codes.find(workspace.id(), name).isPresent();
        CodeAssetRow kept = codes.put(workspace.id(), name, Json.objectAt(body, "properties"));
        return ResponseEntity.status(known ? 200 : 201).body(resource(workspace, kept));
    }

    @DeleteMapping("/{name}")
    ResponseEntity<Void> delete(Workspace workspace, @PathVariable String name) {
        return ResponseEntity.status(codes.delete(workspace.id(), name) ? 200 : 204)
                .build();
    }

    @DeleteMapping("/{name}/versions/{version}")
    ResponseEntity<Void> delete(Workspace workspace, @PathVariable String name, @PathVariable String version) {
        return ResponseEntity.status(codes.delete(workspace.id(), name, version) ? 200 : 204)
                .build();
    }

    private static ObjectNode resource(Workspace workspace, CodeAssetRow code) {
        ObjectNode resource = Json.object()
                .put("id", workspace.armId() + "/codes/" + code.name())
                .put("name", code.name())
                .put("type", TYPE);
        resource.set(
                "properties",
                AssetContainers.properties(
                        code.document(), code.isArchived(), code.latestVersion(), code.nextVersion()));
        resource.set("systemData", SystemData.of(code.createdBy(), code.createdOn(), code.modifiedOn()));
        return resource;
    }
}
