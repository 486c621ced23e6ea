package dev.malachite.server.mlflow;

import dev.malachite.server.asset.AssetContainer;
import dev.malachite.server.asset.AssetKind;
import dev.malachite.server.asset.AssetStore;
import dev.malachite.server.asset.AssetVersion;
import dev.malachite.server.database.Attributes;
import dev.malachite.server.database.Filter;
import dev.malachite.server.database.Page;
import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The models of both SDKs as MLflow's registry has them. */
@Component
class Registry {

    static final List<String> STAGES = List.of("None", "Staging", "Production", "Archived");

    /** The service's own name for it. */
    private static final String SOURCE = "mlflow.modelSourceUri";

    private static final String MODEL_ID = "mlflow.modelId";
    private static final String RUN_LINK = "mlflow.runLink";
    private static final String STAGE = "stage";
    private static final String PROMPT = "mlflow.prompt.is_prompt";

    /** More models, or versions of one, are not looked at. */
    private static final int MOST = 10_000;

    private final AssetStore assets;
    private final ModelAliases aliases;
    private final ModelSources sources;

    Registry(AssetStore assets, ModelAliases aliases, ModelSources sources) {
        this.assets = assets;
        this.aliases = aliases;
        this.sources = sources;
    }

    AssetContainer model(Workspace workspace, String name) {
        return assets.findContainer(workspace.id(), AssetKind.MODEL, name)
                .orElseThrow(() -> MlflowErrors.missing("Registered Model with name=%s not found".formatted(name)));
    }

    List<AssetContainer> models(Workspace workspace) {
        return assets.listContainers(workspace.id(), AssetKind.MODEL, Optional.of(false), Page.first(MOST))
                .items();
    }

    void make(Workspace workspace, String name, Optional<String> description, Map<String, String> tags) {
        if (assets.findContainer(workspace.id(), AssetKind.MODEL, name).isPresent()) {
            throw MlflowErrors.exists("Registered Model (name=%s) already exists.".formatted(name));
        }
        ObjectNode document = Json.object();
        description.ifPresent(text -> document.put("description", text));
        tags.forEach(document.putObject("tags")::put);
        assets.putContainer(workspace, AssetKind.MODEL, name, document);
    }

    void change(Workspace workspace, String name, UnaryOperator<ObjectNode> change) {
        ObjectNode document = model(workspace, name).document().deepCopy();
        if (!document.path("tags").isObject()) {
            document.putObject("tags");
        }
        assets.putContainer(workspace, AssetKind.MODEL, name, change.apply(document));
    }

    void delete(Workspace workspace, String name) {
        model(workspace, name);
        aliases.of(workspace.id(), name).keySet().forEach(alias -> aliases.remove(workspace.id(), name, alias));
        assets.deleteContainer(workspace.id(), AssetKind.MODEL, name);
    }

    AssetVersion version(Workspace workspace, String name, String version) {
        return assets.find(workspace.id(), AssetKind.MODEL, name, version)
                .orElseThrow(() ->
                        MlflowErrors.missing("Model Version (name=%s, version=%s) not found".formatted(name, version)));
    }

    /** The newest first. */
    List<AssetVersion> versions(Workspace workspace, Filter filter) {
        return assets.list(workspace.id(), AssetKind.MODEL, filter, List.of(), Page.first(MOST))
                .items();
    }

    /** The newest of each stage. */
    List<AssetVersion> latest(Workspace workspace, String name) {
        Map<String, AssetVersion> byStage = new LinkedHashMap<>();
        versions(workspace, Filter.eq("name", name)).forEach(version -> byStage.putIfAbsent(stage(version), version));
        return List.copyOf(byStage.values());
    }

    AssetVersion register(Workspace workspace, String name, Asked asked, Map<String, String> tags) {
        model(workspace, name);
        String source = asked.require("source");
        ObjectNode properties =
                Json.object().put("modelType", "mlflow_model").put("modelUri", sources.kept(workspace, source));
        asked.given("description").ifPresent(text -> properties.put("description", text));
        asked.given("run_id").ifPresent(run -> properties.put("jobName", run));
        tags.forEach(properties.putObject("tags")::put);
        ObjectNode known = properties.putObject("properties").put(SOURCE, source);
        asked.given("model_id").ifPresent(id -> known.put(MODEL_ID, id));
        asked.given("run_link").ifPresent(link -> known.put(RUN_LINK, link));
        return assets.put(workspace, AssetKind.MODEL, name, Optional.empty(), properties, by())
                .version();
    }

    /** @param change of the v2 resource's properties */
    AssetVersion change(Workspace workspace, AssetVersion version, UnaryOperator<ObjectNode> change) {
        ObjectNode properties = version.document().deepCopy();
        version.description().ifPresent(text -> properties.put("description", text));
        properties.set("tags", version.tags().json());
        properties.set("properties", version.properties().json());
        properties.put("isArchived", version.archived());
        properties.put("isAnonymous", version.anonymous());
        version.runId().ifPresent(run -> properties.put("jobName", run));
        return assets.put(
                        workspace,
                        AssetKind.MODEL,
                        version.name(),
                        Optional.of(version.version()),
                        change.apply(properties),
                        by())
                .version();
    }

    AssetVersion move(Workspace workspace, AssetVersion version, String stage, boolean archiveOthers) {
        if (archiveOthers) {
            for (AssetVersion other : versions(workspace, Filter.eq("name", version.name()))) {
                if (stage(other).equals(stage) && !other.version().equals(version.version())) {
                    change(workspace, other, properties -> properties.put(STAGE, "Archived"));
                }
            }
        }
        return change(workspace, version, properties -> properties.put(STAGE, stage));
    }

    void delete(Workspace workspace, String name, String version) {
        version(workspace, name, version);
        aliases.removeVersion(workspace.id(), name, version);
        assets.delete(workspace.id(), AssetKind.MODEL, name, version);
    }

    /** MLflow keeps prompts among the models, by a tag; what lacks it is none (mlflow/utils/search_utils.py). */
    static boolean passes(Attributes tags, Clause clause) {
        String value = tags.values().get(clause.key());
        return clause.test(Optional.ofNullable(value == null && clause.key().equals(PROMPT) ? "false" : value));
    }

    static String stage(AssetVersion version) {
        return Json.string(version.document(), STAGE).filter(STAGES::contains).orElse("None");
    }

    private static String by() {
        return CallerIdentity.current().name();
    }

    /** In MLflow's shape. */
    ObjectNode wire(Workspace workspace, AssetVersion version, Map<String, String> named) {
        Attributes known = version.properties();
        ObjectNode node = Json.object();
        node.put("name", version.name());
        node.put("version", version.version());
        node.put("creation_timestamp", version.created().toEpochMilli());
        node.put("last_updated_timestamp", version.modified().toEpochMilli());
        node.put("user_id", version.createdBy());
        node.put("current_stage", stage(version));
        node.put("description", version.description().orElse(""));
        node.put("source", source(workspace, version));
        version.runId().ifPresent(run -> node.put("run_id", run));
        Optional.ofNullable(known.values().get(RUN_LINK)).ifPresent(link -> node.put("run_link", link));
        Optional.ofNullable(known.values().get(MODEL_ID)).ifPresent(id -> node.put("model_id", id));
        node.put("status", "READY");
        RunAnswers.pairs(node.putArray("tags"), version.tags().asMap());
        ArrayNode list = node.putArray("aliases");
        named.forEach((alias, of) -> {
            if (of.equals(version.version())) {
                list.add(alias);
            }
        });
        return node;
    }

    /** As it was given, or, where another SDK has registered it, as it can be downloaded. */
    String source(Workspace workspace, AssetVersion version) {
        return Optional.ofNullable(version.properties().values().get(SOURCE))
                .orElseGet(() -> downloadUri(workspace, version));
    }

    String downloadUri(Workspace workspace, AssetVersion version) {
        return sources.shown(workspace, version.uri().orElse(""));
    }

    ObjectNode wire(Workspace workspace, AssetContainer model, List<AssetVersion> latest) {
        Map<String, String> named = aliases.of(workspace.id(), model.name());
        ObjectNode node = Json.object();
        node.put("name", model.name());
        node.put("creation_timestamp", model.created().toEpochMilli());
        node.put("last_updated_timestamp", model.modified().toEpochMilli());
        node.put("description", Json.string(model.document(), "description").orElse(""));
        ArrayNode versions = node.putArray("latest_versions");
        latest.forEach(version -> versions.add(wire(workspace, version, named)));
        RunAnswers.pairs(
                node.putArray("tags"),
                Attributes.of(Json.member(model.document(), "tags"), "tags").asMap());
        ArrayNode list = node.putArray("aliases");
        named.forEach((alias, version) -> list.addObject().put("alias", alias).put("version", version));
        return node;
    }
}
