package dev.malachite.server.asset;

import dev.malachite.server.blob.Blob;
import dev.malachite.server.blob.BlobAddress;
import dev.malachite.server.blob.BlobException;
import dev.malachite.server.blob.BlobStore;
import dev.malachite.server.blob.Containers;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads from an MLflow model's own description which libraries can load it. */
@Component
class MlflowFlavors {

    private static final Pattern FOLDER = Pattern.compile(
            "azureml://.*/datastores/(workspaceblobstore|workspaceartifactstore)/paths/(.+?)/?",
            Pattern.CASE_INSENSITIVE);

    private static final int MAX_FILE = 200_000;

    private final BlobStore blobs;

    MlflowFlavors(BlobStore blobs) {
        this.blobs = blobs;
    }

    /** In the form of a model version's {@code flavors}; empty when there is no description that can be read. */
    Optional<ObjectNode> find(Workspace workspace, String uri) {
        Matcher folder = FOLDER.matcher(uri);
        if (!folder.matches()) {
            return Optional.empty();
        }
        String container = folder.group(1).equalsIgnoreCase("workspaceblobstore")
                ? Containers.datastore(workspace.id())
                : Containers.artifacts(workspace.id());
        BlobAddress description;
        try {
            description = new BlobAddress(container, folder.group(2) + "/MLmodel");
        } catch (BlobException e) {
            throw new AzureException(e.error());
        }
        return blobs.find(description).filter(blob -> blob.size() <= MAX_FILE).flatMap(MlflowFlavors::read);
    }

    private static Optional<ObjectNode> read(Blob description) {
        try {
            return flavors(Files.readString(description.content(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Optional<ObjectNode> flavors(String description) {
        LoaderOptions options = new LoaderOptions();
        // Nobody needs them there, and what holds itself has no end.
        options.setMaxAliasesForCollections(0);
        options.setNestingDepthLimit(20);
        JsonNode tree;
        try {
            Object loaded = new Yaml(new SafeConstructor(options)).load(description);
            tree = Json.mapper().valueToTree(loaded);
        } catch (YAMLException | IllegalArgumentException | JacksonException | StackOverflowError e) {
            // What a user wrote may be anything; the model is kept all the same.
            return Optional.empty();
        }
        ObjectNode flavors = Json.object();
        for (Map.Entry<String, JsonNode> flavor : tree.path("flavors").properties()) {
            ObjectNode data = flavors.putObject(flavor.getKey()).putObject("data");
            flavor.getValue()
                    .properties()
                    .forEach(member -> data.put(
                            member.getKey(),
                            member.getValue().isContainer()
                                    ? Json.text(member.getValue())
                                    : member.getValue().asString()));
        }
        return flavors.isEmpty() ? Optional.empty() : Optional.of(flavors);
    }
}
