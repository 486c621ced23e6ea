package dev.malachite.server.snapshot;

import dev.malachite.api.Errors;
import dev.malachite.server.blob.BlobUrls;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Caller;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.SystemData;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The v2 SDK's code assets. */
@RestController
class CodeController {

    private static final String VERSIONS = WorkspaceRef.PATH + "/codes/{name}/versions";
    private static final String TYPE = "Microsoft.MachineLearningServices/workspaces/codes/versions";
    private static final int PAGE = 100;

    private final CodeService codes;
    private final BlobUrls urls;

    CodeController(CodeService codes, BlobUrls urls) {
        this.codes = codes;
        this.urls = urls;
    }

    /** With a hash: versions with that content under any name, so that nothing is uploaded twice. */
    @GetMapping(VERSIONS)
    ObjectNode list(
            Workspace workspace,
            @PathVariable String name,
            @RequestParam Optional<String> hash,
            @RequestParam Optional<String> hashVersion,
            @RequestParam(name = "$skip", defaultValue = "0") int skip,
            @RequestParam(name = "api-version", defaultValue = "2023-04-01") String apiVersion) {
        if (skip < 0) {
            throw new AzureException(Errors.invalidParameter("$skip", "it is not negative."));
        }
        List<CodeVersion> found = hash.isPresent()
                ? codes.findByHash(workspace.id(), hash.get(), hashVersion)
                : codes.list(workspace.id(), name, skip / PAGE, PAGE);
        ObjectNode page = Json.object();
        ArrayNode value = page.putArray("value");
        found.forEach(code -> value.add(resource(workspace, code)));
        if (hash.isEmpty() && found.size() == PAGE) {
            page.put(
                    "nextLink",
                    "%s%s/codes/%s/versions?api-version=%s&$skip=%d"
                            .formatted(Caller.current().base(), workspace.armId(), name, apiVersion, skip + PAGE));
        } else {
            page.putNull("nextLink");
        }
        return page;
    }

    @GetMapping(VERSIONS + "/{version}")
    ObjectNode get(Workspace workspace, @PathVariable String name, @PathVariable String version) {
        return codes.find(workspace.id(), name, version)
                .map(code -> resource(workspace, code))
                .orElseThrow(() -> new AzureException(Errors.resourceNotFound(
                        TYPE,
                        workspace.name() + "/" + name + "/" + version,
                        workspace.ref().resourceGroup())));
    }

    @PutMapping(VERSIONS + "/{version}")
    ResponseEntity<ObjectNode> put(
            Workspace workspace, @PathVariable String name, @PathVariable String version, @Body ObjectNode body)
            throws IOException {
        boolean known = codes.find(workspace.id(), name, version).isPresent();
        ObjectNode resource = resource(workspace, codes.put(workspace.id(), name, version, body));
        return ResponseEntity.status(known ? 200 : 201).body(resource);
    }

    @PostMapping(VERSIONS + "/{version}/startPendingUpload")
    ObjectNode upload(Workspace workspace, @PathVariable String name, @PathVariable String version) throws IOException {
        String container = codes.uploadContainer(workspace.id());
        Caller caller = Caller.current();
        ObjectNode answer = Json.object().put("pendingUploadType", "TemporaryBlobReference");
        answer.putNull("pendingUploadId");
        ObjectNode reference = answer.putObject("blobReferenceForConsumption");
        reference.put("blobUri", urls.container(caller, container));
        reference.put(
                "storageAccountArmId",
                Json.string(Json.member(workspace.document(), "properties"), "storageAccount")
                        .orElse(""));
        reference
                .putObject("credential")
                .put("credentialType", "SAS")
                .put("sasUri", urls.writableContainer(caller, container));
        return answer;
    }

    private ObjectNode resource(Workspace workspace, CodeVersion code) {
        ObjectNode resource = code.document().deepCopy();
        resource.put("id", "%s/codes/%s/versions/%s".formatted(workspace.armId(), code.name(), code.version()));
        resource.put("name", code.version());
        resource.put("type", TYPE);
        ObjectNode properties = Json.objectAt(resource, "properties");
        Json.string(properties, "codeUri")
                .flatMap(BlobUrls::parse)
                .ifPresent(target ->
                        properties.put("codeUri", urls.code(Caller.current(), target.container(), target.path())));
        properties.put("provisioningState", "Succeeded");
        for (String member : List.of("tags", "properties")) {
            if (Json.member(properties, member).isMissingNode()) {
                properties.putObject(member);
            }
        }
        resource.set("systemData", SystemData.of(code.createdBy(), code.createdOn(), code.modifiedOn()));
        return resource;
    }
}
