package dev.malachite.server.model;

import dev.malachite.api.Errors;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.asset.AssetKind;
import dev.malachite.server.asset.AssetStore;
import dev.malachite.server.asset.AssetVersion;
import dev.malachite.server.database.Transactions;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.data.domain.PageRequest;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Keeps the model management's assets; a model that the v2 SDK registered has one that follows from where its files are. */
@Service
class ModelAssets {

    private static final int MAX_ARTIFACTS = 1_000;
    private static final int MAX_DOCUMENT = 100_000;
    private static final int MAX_PREFIX = 1_024;

    /** The files of a model in one of the two stores of the workspace itself: what follows is origin, container and path. */
    private static final Pattern FILES = Pattern.compile(
            "azureml://.*/datastores/(?:workspaceblobstore|workspaceartifactstore)/paths/([^/]+/[^/]+/.+)",
            Pattern.CASE_INSENSITIVE);

    private final ModelAssetRows rows;
    private final AssetStore models;
    private final Transactions transactions;
    private final Clock clock;

    ModelAssets(ModelAssetRows rows, AssetStore models, Transactions transactions, Clock clock) {
        this.rows = rows;
        this.models = models;
        this.transactions = transactions;
        this.clock = clock;
    }

    ObjectNode create(WorkspaceId workspace, ObjectNode body) {
        if (Json.string(body, "name").filter(name -> !name.isBlank()).isEmpty()) {
            throw new AzureException(Errors.invalidParameter("name", "it is required."));
        }
        JsonNode artifacts = Json.member(body, "artifacts");
        if (!artifacts.isArray() || artifacts.isEmpty() || artifacts.size() > MAX_ARTIFACTS) {
            throw new AzureException(
                    Errors.invalidParameter("artifacts", "1 to %d artifacts are expected.".formatted(MAX_ARTIFACTS)));
        }
        if (artifacts.valueStream().anyMatch(artifact -> prefix(artifact).isEmpty())) {
            throw new AzureException(
                    Errors.invalidParameter("artifacts", "each has an 'id' or a 'prefix', origin/container/path."));
        }
        if (Json.text(body).length() > MAX_DOCUMENT) {
            throw new AzureException(Errors.tooLarge("The asset", MAX_DOCUMENT));
        }
        String id = UUID.randomUUID().toString().replace("-", "");
        return transactions.write(() -> rows.save(
                        new ModelAssetRow(new ModelAssetRow.Key(workspace.value(), id), body, clock.instant()))
                .wire());
    }

    Optional<ObjectNode> find(WorkspaceId workspace, String id) {
        Optional<ObjectNode> kept = transactions.read(() ->
                rows.findById(new ModelAssetRow.Key(workspace.value(), id)).map(ModelAssetRow::wire));
        return kept.or(() -> ModelId.parse(id)
                .flatMap(model -> models.find(workspace, AssetKind.MODEL, model.name(), model.version()))
                .map(ModelAssets::derived));
    }

    List<ObjectNode> list(WorkspaceId workspace, int page, int size) {
        return transactions.read(() ->
                rows
                        .findByKeyWorkspaceIdOrderByCreatedDescKeyIdAsc(workspace.value(), PageRequest.of(page, size))
                        .stream()
                        .map(ModelAssetRow::wire)
                        .toList());
    }

    boolean delete(WorkspaceId workspace, String id) {
        return transactions.write(() -> {
            Optional<ModelAssetRow> row = rows.findById(new ModelAssetRow.Key(workspace.value(), id));
            row.ifPresent(rows::delete);
            return row.isPresent();
        });
    }

    /** Where the first of the asset's artifacts is, as origin, container and path. */
    static String prefix(ObjectNode asset) {
        return prefix(Json.member(asset, "artifacts").path(0)).orElseThrow();
    }

    private static Optional<String> prefix(JsonNode artifact) {
        return Json.string(artifact, "prefix")
                .or(() -> Json.string(artifact, "id"))
                .filter(text -> text.length() <= MAX_PREFIX && text.split("/", 3).length == 3);
    }

    private static ObjectNode derived(AssetVersion model) {
        ObjectNode asset = Json.object()
                .put("id", ModelId.of(model).text())
                .put("name", model.name())
                .put("createdTime", model.created().toString())
                .put("runid", model.runId().orElse(null));
        ArrayNode artifacts = asset.putArray("artifacts");
        Matcher files = FILES.matcher(model.uri().orElse(""));
        if (files.matches()) {
            artifacts.addObject().putNull("id").put("prefix", files.group(1).replaceFirst("/+$", ""));
        }
        asset.putObject("kvTags");
        asset.putObject("properties");
        return asset;
    }
}
