package dev.malachite.server.datastore;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Caller;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.StorageSuffix;
import dev.malachite.server.web.SystemData;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Datastores as Azure Resource Manager and the v2 SDK see them; secrets come by {@code listSecrets} alone. */
@RestController
class DatastoreController {

    private static final String ALL = WorkspaceRef.PATH + "/datastores";
    private static final String ONE = ALL + "/{name}";

    /** The service's types, and what each must say. */
    private static final Map<String, List<String>> TYPES = Map.of(
            "AzureBlob", List.of("accountName", "containerName"),
            "AzureFile", List.of("accountName", "fileShareName"),
            "AzureDataLakeGen1", List.of("storeName"),
            "AzureDataLakeGen2", List.of("accountName", "filesystem"),
            "OneLake", List.of("oneLakeWorkspaceName"),
            "Hdfs", List.of("nameNodeAddress"));

    private final DatastoreService datastores;

    DatastoreController(DatastoreService datastores) {
        this.datastores = datastores;
    }

    /**
     * Without those that only the v1 SDK has a type for: azure-ai-ml fails over a list that has one, and over one of type
     * Hdfs, which it sends.
     */
    @GetMapping(ALL)
    ObjectNode list(
            Workspace workspace,
            @RequestParam(required = false) @Nullable Boolean isDefault,
            @RequestParam(required = false) @Nullable List<String> names,
            @RequestParam(defaultValue = "") String searchText) {
        Predicate<Datastore> wanted = store -> TYPES.containsKey(store.type())
                && !store.type().equals("Hdfs")
                && (isDefault == null || store.isDefault() == isDefault)
                && (names == null || names.stream().anyMatch(store.name()::equalsIgnoreCase))
                && store.name().toLowerCase(Locale.ROOT).contains(searchText.toLowerCase(Locale.ROOT));
        ArrayNode value = Json.array();
        datastores.list(workspace).stream().filter(wanted).forEach(store -> value.add(answer(workspace, store)));
        return Json.object().set("value", value);
    }

    @GetMapping(ONE)
    ObjectNode get(Workspace workspace, @PathVariable String name) {
        return answer(workspace, datastores.require(workspace, name));
    }

    @PutMapping(ONE)
    ResponseEntity<ObjectNode> put(Workspace workspace, @PathVariable String name, @Body ObjectNode body) {
        if (!(Json.member(body, "properties") instanceof ObjectNode sent)) {
            throw new AzureException(Errors.userError("'properties' is required."));
        }
        check(sent);
        ObjectNode properties = sent.deepCopy();
        ObjectNode secrets = Json.object();
        if (Json.member(properties, "credentials") instanceof ObjectNode credentials) {
            secrets = Json.objectAt(credentials, "secrets").deepCopy();
            credentials.remove("secrets");
        }
        Optional<Datastore> before = datastores.find(workspace, name);
        // One that was fetched without its secrets, and sent back changed, keeps them.
        if (saysNothing(secrets)
                && before.filter(store -> credentialsType(store.properties()).equals(credentialsType(properties)))
                        .isPresent()) {
            secrets = before.get().secrets();
        }
        Datastore kept = datastores.put(workspace, name, properties, secrets);
        return ResponseEntity.status(before.isPresent() ? HttpStatus.OK : HttpStatus.CREATED)
                .body(answer(workspace, kept));
    }

    @DeleteMapping(ONE)
    ResponseEntity<Void> delete(Workspace workspace, @PathVariable String name) {
        return ResponseEntity.status(datastores.delete(workspace, name) ? HttpStatus.OK : HttpStatus.NO_CONTENT)
                .build();
    }

    /** The key of the account that all workspaces share. */
    @PostMapping(WorkspaceRef.PATH + "/listStorageAccountKeys")
    ObjectNode accountKeys(Workspace workspace) {
        return Json.object().put("userStorageKey", datastores.accountKey());
    }

    @PostMapping(ONE + "/listSecrets")
    ObjectNode secrets(Workspace workspace, @PathVariable String name) {
        Datastore store = datastores.shown(datastores.require(workspace, name));
        if (store.secrets().isEmpty()) {
            throw new AzureException(Errors.userError("The datastore '%s' has no secrets.".formatted(store.name())));
        }
        ObjectNode secrets = store.secrets().deepCopy();
        if (!secrets.has("secretsType")) {
            secrets.put("secretsType", credentialsType(store.properties()));
        }
        return secrets;
    }

    private static void check(ObjectNode properties) {
        String type = Json.string(properties, "datastoreType").orElse("");
        List<String> required = TYPES.get(type);
        if (required == null) {
            throw new AzureException(Errors.userError("'datastoreType' is one of %s."
                    .formatted(
                            String.join(", ", TYPES.keySet().stream().sorted().toList()))));
        }
        for (String name : required) {
            if (Json.string(properties, name).filter(text -> !text.isBlank()).isEmpty()) {
                throw new AzureException(Errors.userError("A datastore of type %s needs '%s'.".formatted(type, name)));
            }
        }
    }

    private static boolean saysNothing(ObjectNode secrets) {
        return secrets.properties().stream()
                .allMatch(secret -> secret.getKey().equals("secretsType")
                        || secret.getValue().isNull());
    }

    static String credentialsType(ObjectNode properties) {
        return Json.string(Json.objectAt(properties, "credentials"), "credentialsType")
                .orElse("None");
    }

    private static ObjectNode answer(Workspace workspace, Datastore store) {
        ObjectNode answer = Json.object()
                .put("id", workspace.armId() + "/datastores/" + store.name())
                .put("name", store.name())
                .put("type", "Microsoft.MachineLearningServices/workspaces/datastores");
        answer.set("systemData", SystemData.of(store.createdBy(), store.createdOn(), store.modifiedOn()));
        ObjectNode properties = store.properties().deepCopy();
        properties.remove(V1Datastores.AS_SENT);
        properties.put("isDefault", store.isDefault());
        if (!properties.has("endpoint") && store.type().toLowerCase(Locale.ROOT).startsWith("azure")) {
            properties.put("endpoint", StorageSuffix.of(Caller.current().host()));
        }
        if (!properties.has("credentials")) {
            properties.putObject("credentials").put("credentialsType", "None");
        }
        if (!properties.has("serviceDataAccessAuthIdentity")) {
            properties.put("serviceDataAccessAuthIdentity", "None");
        }
        if (!properties.path("tags").isObject()) {
            properties.putObject("tags");
        }
        for (String name : new String[] {"properties", "description"}) {
            if (!properties.has(name)) {
                properties.putNull(name);
            }
        }
        return answer.set("properties", properties);
    }
}
