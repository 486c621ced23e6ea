package dev.malachite.server.snapshot;

import dev.malachite.api.Errors;
import dev.malachite.server.blob.BlobAddress;
import dev.malachite.server.blob.BlobUrls;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Caller;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import java.io.IOException;
import java.util.UUID;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The v1 SDK's content service: snapshots of source folders. */
@RestController
class ContentController {

    private static final String SNAPSHOTS = "/content/v2.0" + WorkspaceRef.PATH + "/snapshots";

    private final SnapshotService snapshots;
    private final BlobUrls urls;

    ContentController(SnapshotService snapshots, BlobUrls urls) {
        this.snapshots = snapshots;
        this.urls = urls;
    }

    /** What the client compares with when it knows nothing: an empty folder serves for ever, it then sends everything. */
    @GetMapping("/content/v1.0" + WorkspaceRef.PATH + "/snapshots/latest/metadata")
    ObjectNode latest(Workspace workspace) {
        ObjectNode latest = Json.object().put("id", "00000000-0000-0000-0000-000000000000");
        ObjectNode root = latest.putObject("root");
        root.put("name", "").put("hash", "").put("type", "Directory").put("timestamp", "0001-01-01T00:00:00+00:00");
        root.putNull("sasUrl").putNull("absoluteUrl").put("sizeBytes", 0).put("sizeSet", false);
        root.putObject("children");
        return latest;
    }

    @PostMapping(SNAPSHOTS + "/getblob")
    ObjectNode uploads(Workspace workspace, @Body ObjectNode body) {
        if (!(Json.member(body, "FileNames") instanceof ArrayNode names)) {
            throw new AzureException(Errors.invalidParameter("FileNames", "a list is expected."));
        }
        SnapshotPaths.requireCount(names.size());
        Caller caller = Caller.current();
        UUID upload = UUID.randomUUID();
        ObjectNode answer = Json.object();
        ArrayNode nodes = answer.putArray("fileNodes");
        for (JsonNode name : names) {
            if (!name.isString()) {
                throw new AzureException(Errors.invalidParameter("FileNames", "each is a string."));
            }
            BlobAddress blob = snapshots.uploadOf(workspace.id(), upload, name.stringValue());
            nodes.addObject().put("fullName", name.stringValue()).put("blobUri", urls.write(caller, blob));
        }
        return answer;
    }

    @PostMapping(SNAPSHOTS + "/{id}")
    ResponseEntity<Void> keep(Workspace workspace, @PathVariable String id, @Body ObjectNode body) throws IOException {
        snapshots.keep(workspace.id(), id, body);
        return ResponseEntity.ok().build();
    }

    @PostMapping(SNAPSHOTS + "/{id}/zip")
    ObjectNode zip(Workspace workspace, @PathVariable String id) throws IOException {
        BlobAddress zip = snapshots
                .zip(workspace.id(), id)
                .orElseThrow(() -> new AzureException(Errors.notFound("Snapshot '" + id + "'")));
        return Json.object().put("zipSasUri", urls.read(Caller.current(), zip));
    }
}
