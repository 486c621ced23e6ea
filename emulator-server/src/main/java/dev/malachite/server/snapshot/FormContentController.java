package dev.malachite.server.snapshot;

import dev.malachite.api.Errors;
import dev.malachite.server.blob.BlobAddress;
import dev.malachite.server.blob.BlobUrls;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Caller;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The content service as azureml-core 0.1 knows it: files come as a form ({@code docs/wire/execution-2018.md}). */
@RestController
class FormContentController {

    private static final String SNAPSHOT = "/content/v1.0" + WorkspaceRef.PATH + "/snapshots/{id}";

    private static final String TREE = "dirTreeRootFile";
    private static final int MOST_TREE = 8 * 1024 * 1024;

    private final SnapshotForms forms;
    private final SnapshotService snapshots;
    private final BlobUrls urls;

    FormContentController(SnapshotForms forms, SnapshotService snapshots, BlobUrls urls) {
        this.forms = forms;
        this.snapshots = snapshots;
        this.urls = urls;
    }

    @PostMapping(SNAPSHOT)
    ResponseEntity<Void> keep(
            Workspace workspace,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String parentSnapshotId,
            HttpServletRequest request)
            throws IOException, ServletException {
        String type = request.getContentType();
        if (type == null || !type.startsWith("multipart/form-data")) {
            throw missingTree();
        }
        JsonNode tree = null;
        List<Part> files = new ArrayList<>();
        for (Part part : request.getParts()) {
            if (TREE.equals(part.getSubmittedFileName())) {
                tree = tree(part);
            } else if (part.getSubmittedFileName() != null) {
                files.add(part);
            }
        }
        if (tree == null) {
            throw missingTree();
        }
        forms.keep(workspace.id(), id, parentSnapshotId == null ? "" : parentSnapshotId, tree, files);
        return ResponseEntity.ok().build();
    }

    /** Where its zip can be had, as a JSON string. */
    @GetMapping(SNAPSHOT)
    String zip(Workspace workspace, @PathVariable String id) throws IOException {
        BlobAddress zip = snapshots
                .zip(workspace.id(), id)
                .orElseThrow(() -> new AzureException(Errors.notFound("Snapshot '" + id + "'")));
        return '"' + urls.read(Caller.current(), zip) + '"';
    }

    private static JsonNode tree(Part part) throws IOException {
        byte[] bytes = part.getInputStream().readNBytes(MOST_TREE + 1);
        if (bytes.length > MOST_TREE) {
            throw new AzureException(Errors.tooLarge("The tree of the snapshot", MOST_TREE));
        }
        try {
            return byName(Json.mapper().readTree(bytes));
        } catch (JacksonException e) {
            throw new AzureException(Errors.invalidContent(e.getOriginalMessage()));
        }
    }

    /** Later versions have the children of a folder by their names, this one as a list. */
    private static JsonNode byName(JsonNode folder) {
        if (!(folder instanceof ObjectNode node) || !(node.get("children") instanceof ArrayNode list)) {
            return folder;
        }
        ObjectNode children = Json.object();
        list.forEach(child -> children.set(Json.string(child, "name").orElse(""), byName(child)));
        node.set("children", children);
        return node;
    }

    private static AzureException missingTree() {
        return new AzureException(
                Errors.invalidContent("multipart/form-data with a file '%s' is expected".formatted(TREE)));
    }
}
