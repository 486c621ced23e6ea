package dev.malachite.server.secret;

import dev.malachite.api.Errors;
import dev.malachite.server.secret.Secrets.Secret;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The v1 SDK's way to the workspace's key vault. */
@RestController
class SecretController {

    private static final String SECRETS = "/credential/v2.0" + WorkspaceRef.PATH + "/secrets";
    private static final int PAGE = 1_000;
    private static final int LAST_PAGE = 1_000_000;
    private static final int MAX_BATCH = 1_000;

    private final Secrets secrets;

    SecretController(Secrets secrets) {
        this.secrets = secrets;
    }

    @PutMapping(SECRETS)
    void put(Workspace workspace, @Body ObjectNode body) {
        secrets.put(workspace.id(), List.of(secret(body)));
    }

    @PutMapping(SECRETS + ":putbatch")
    void putAll(Workspace workspace, @Body ObjectNode body) {
        secrets.put(
                workspace.id(),
                batch(body).stream().map(SecretController::secret).toList());
    }

    @GetMapping(SECRETS)
    ObjectNode list(Workspace workspace, @RequestParam(defaultValue = "0") int continuationToken) {
        if (continuationToken < 0 || continuationToken > LAST_PAGE) {
            throw new AzureException(
                    Errors.invalidParameter("continuationToken", "it is from 0 to %d.".formatted(LAST_PAGE)));
        }
        List<String> names = secrets.names(workspace.id(), continuationToken, PAGE);
        ObjectNode answer = Json.object();
        ArrayNode value = answer.putArray("value");
        names.forEach(name -> value.addObject().put("name", name));
        return answer.put("continuationToken", names.size() == PAGE ? String.valueOf(continuationToken + 1) : null);
    }

    @GetMapping(SECRETS + "/{name}")
    ObjectNode get(Workspace workspace, @PathVariable String name) {
        return secrets.find(workspace.id(), name)
                .map(SecretController::wire)
                .orElseThrow(() -> new AzureException(Errors.notFound("The secret '" + name + "'")));
    }

    @PostMapping(SECRETS + ":getbatch")
    ObjectNode getAll(Workspace workspace, @Body ObjectNode body) {
        ObjectNode answer = Json.object();
        ArrayNode found = answer.putArray("secrets");
        ArrayNode missing = answer.putArray("notFoundSecrets");
        for (ObjectNode wanted : batch(body)) {
            String name = name(wanted);
            Optional<Secret> secret = secrets.find(workspace.id(), name);
            // Under the name that was asked for: the SDK makes a dictionary of it.
            secret.ifPresentOrElse(kept -> found.add(wire(kept).put("name", name)), () -> missing.add(name));
        }
        return answer;
    }

    @DeleteMapping(SECRETS + "/{name}")
    void delete(Workspace workspace, @PathVariable String name) {
        secrets.delete(workspace.id(), List.of(name));
    }

    @PostMapping(SECRETS + ":deletebatch")
    void deleteAll(Workspace workspace, @Body ObjectNode body) {
        secrets.delete(
                workspace.id(), batch(body).stream().map(SecretController::name).toList());
    }

    private static List<ObjectNode> batch(ObjectNode body) {
        JsonNode listed = Json.member(body, "secrets");
        List<ObjectNode> batch = new ArrayList<>();
        for (JsonNode entry : listed) {
            if (entry instanceof ObjectNode secret) {
                batch.add(secret);
            }
        }
        if (!listed.isArray() || batch.size() != listed.size() || batch.size() > MAX_BATCH) {
            throw new AzureException(
                    Errors.invalidParameter("secrets", "a list of up to %d secrets is expected.".formatted(MAX_BATCH)));
        }
        return batch;
    }

    private static Secret secret(ObjectNode body) {
        String value = Json.string(body, "value")
                .orElseThrow(() -> new AzureException(Errors.invalidParameter("value", "a text is expected.")));
        return new Secret(name(body), value, Json.string(body, "contentType"), Instant.EPOCH, Instant.EPOCH);
    }

    private static String name(ObjectNode body) {
        return Json.string(body, "name")
                .orElseThrow(() -> new AzureException(Errors.invalidParameter("name", "it is required.")));
    }

    private static ObjectNode wire(Secret secret) {
        return Json.object()
                .put("name", secret.name())
                .put("value", secret.value())
                .put("contentType", secret.contentType().orElse(null))
                .put("createdTime", secret.created().toString())
                .put("modifiedTime", secret.modified().toString());
    }
}
