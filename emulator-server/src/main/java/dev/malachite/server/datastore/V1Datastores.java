package dev.malachite.server.datastore;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The v1 SDK's form of a datastore, to and from ours. Blob containers and file shares are translated, so that both SDKs
 * see one another's; the other types have a section of their own, which is kept as it was sent.
 */
final class V1Datastores {

    /** Where the sections of the other types are kept among our properties. */
    static final String AS_SENT = "v1Definition";

    private static final String STORAGE = "azureStorageSection";

    /** Parts of the other sections that nobody may read who did not ask for secrets. */
    private static final List<String> SECRETS =
            List.of("credential", "accountKey", "sasToken", "clientSecret", "password", "userPassword", "accessKey");

    private V1Datastores() {}

    /** What a registration says, in our form. */
    record Registration(String name, ObjectNode properties, ObjectNode secrets) {}

    static Registration read(ObjectNode body) {
        String name = Json.string(body, "name")
                .orElseThrow(() -> new AzureException(Errors.userError("A datastore needs a 'name'.")));
        String type = Json.string(body, "dataStoreType")
                .orElseThrow(() -> new AzureException(Errors.userError("A datastore needs a 'dataStoreType'.")));
        ObjectNode properties = Json.object().put("datastoreType", type);
        Json.string(body, "description").ifPresent(text -> properties.put("description", text));
        properties.set("tags", Json.objectAt(body, "tags"));
        if (!(Json.member(body, STORAGE) instanceof ObjectNode section)) {
            ObjectNode kept = body.deepCopy();
            ObjectNode secrets = Json.object().put("secretsType", "None");
            kept.properties().forEach(member -> {
                if (member.getValue() instanceof ObjectNode part) {
                    SECRETS.forEach(secret -> Optional.ofNullable(part.remove(secret))
                            .ifPresent(value -> secrets.set(member.getKey() + "." + secret, value)));
                }
            });
            return new Registration(name, properties.set(AS_SENT, kept), secrets);
        }
        for (String member : List.of("accountName", "containerName")) {
            if (Json.string(section, member).filter(text -> !text.isBlank()).isEmpty()) {
                throw new AzureException(
                        Errors.userError("A datastore of type %s needs '%s'.".formatted(type, member)));
            }
        }
        Json.string(section, "accountName").ifPresent(text -> properties.put("accountName", text));
        Json.string(section, "containerName")
                .ifPresent(text -> properties.put(type.equals("AzureFile") ? "fileShareName" : "containerName", text));
        Json.string(section, "endpoint").ifPresent(text -> properties.put("endpoint", text));
        properties.put("protocol", Json.string(section, "protocol").orElse("https"));
        String credentialType = Json.string(section, "credentialType").orElse("None");
        properties.putObject("credentials").put("credentialsType", credentialType);
        ObjectNode secrets = Json.object();
        Json.string(section, "credential")
                .or(() -> Json.string(section, "accountKey"))
                .filter(text -> !text.isBlank())
                .ifPresent(text -> secrets.put("secretsType", credentialType)
                        .put(credentialType.equals("Sas") ? "sasToken" : "key", text));
        return new Registration(name, properties, secrets);
    }

    static ObjectNode answer(Datastore store, String suffix, boolean withSecrets) {
        ObjectNode properties = store.properties();
        ObjectNode answer = Json.object()
                .put("name", store.name())
                .put("dataStoreType", store.type())
                .put("hasBeenValidated", true)
                .put("isDefault", store.isDefault());
        answer.set("tags", Json.objectAt(properties, "tags"));
        store.property("description").ifPresent(text -> answer.put("description", text));
        if (Json.member(properties, AS_SENT) instanceof ObjectNode sent) {
            sent.properties()
                    .forEach(member ->
                            answer.set(member.getKey(), member.getValue().deepCopy()));
            if (withSecrets) {
                store.secrets().properties().forEach(secret -> restore(answer, secret.getKey(), secret.getValue()));
            }
            return answer;
        }
        String credentialType = DatastoreController.credentialsType(properties);
        Optional<String> secret = withSecrets
                ? Json.string(store.secrets(), "key").or(() -> Json.string(store.secrets(), "sasToken"))
                : Optional.empty();
        boolean sas = credentialType.equals("Sas");
        ObjectNode section = answer.putObject(STORAGE)
                .put("accountName", store.property("accountName").orElse(""))
                .put(
                        "containerName",
                        store.property("containerName")
                                .or(() -> store.property("fileShareName"))
                                .orElse(""))
                .put("endpoint", store.property("endpoint").orElse(suffix))
                .put("protocol", store.property("protocol").orElse("https"))
                .put("credentialType", credentialType)
                .put("credential", secret.orElse(null))
                .put("isSas", sas);
        section.put("accountKey", sas ? null : secret.orElse(null));
        section.put("sasToken", sas ? secret.orElse(null) : null);
        return answer;
    }

    private static void restore(ObjectNode answer, String path, JsonNode value) {
        int dot = path.indexOf('.');
        if (dot > 0 && answer.get(path.substring(0, dot)) instanceof ObjectNode section) {
            section.set(path.substring(dot + 1), value);
        }
    }
}
