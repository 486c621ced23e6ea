package dev.malachite.server.model;

import dev.malachite.api.Errors;
import dev.malachite.server.asset.AssetFilters;
import dev.malachite.server.asset.AssetKind;
import dev.malachite.server.asset.AssetStore;
import dev.malachite.server.asset.AssetVersion;
import dev.malachite.server.asset.ModelDescription;
import dev.malachite.server.asset.StorageUris;
import dev.malachite.server.database.Attributes;
import dev.malachite.server.database.Filter;
import dev.malachite.server.database.Page;
import dev.malachite.server.database.Slice;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Registers, finds and changes models for the v1 SDK; a model is one and the same for both. */
@Service
class Models {

    private static final String ASSET = "aml://asset/";
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private final AssetStore assets;
    private final ModelAssets modelAssets;

    Models(AssetStore assets, ModelAssets modelAssets) {
        this.assets = assets;
        this.modelAssets = modelAssets;
    }

    /** The next version of a name, of the artifacts of an asset. */
    AssetVersion register(Workspace workspace, ObjectNode body, String by) {
        String name = required(body, "name");
        String url = required(body, "url");
        String id = url.startsWith(ASSET) ? url.substring(ASSET.length()) : "";
        ObjectNode asset = modelAssets
                .find(workspace.id(), id)
                .orElseThrow(() ->
                        new AzureException(Errors.invalidParameter("url", "there is no asset '%s'.".formatted(url))));
        ObjectNode properties = Json.object()
                .put("modelType", "custom_model")
                .put("modelUri", StorageUris.ofArtifact(workspace.ref(), ModelAssets.prefix(asset)));
        Json.string(body, "description").ifPresent(text -> properties.put("description", text));
        Json.string(body, "runId")
                .or(() -> Json.string(asset, "runid"))
                .ifPresent(run -> properties.put("jobName", run));
        properties.set("tags", tags(body));
        properties.set("properties", Json.objectAt(body, "properties"));
        ObjectNode legacy = Json.object();
        for (String member : ModelView.LEGACY) {
            JsonNode value = Json.member(body, member);
            if (!value.isMissingNode()) {
                legacy.set(member, value);
            }
        }
        return assets.register(workspace, name, properties, legacy, by);
    }

    Optional<AssetVersion> find(Workspace workspace, String id) {
        return ModelId.parse(id)
                .flatMap(model -> assets.find(workspace.id(), AssetKind.MODEL, model.name(), model.version()))
                .filter(Models::isNumbered);
    }

    boolean delete(Workspace workspace, String id) {
        return ModelId.parse(id)
                .filter(model -> assets.delete(workspace.id(), AssetKind.MODEL, model.name(), model.version()))
                .isPresent();
    }

    /** The newest first; those that have no number for a version cannot be told in v1's words. */
    Slice<AssetVersion> list(Workspace workspace, ModelQuery query) {
        Filter filter = Filter.all(
                Filter.eq("archived", "false"),
                query.name().map(name -> Filter.eq("name", name)).orElse(Filter.all()),
                query.runId().map(run -> Filter.eq("runid", run)).orElse(Filter.all()),
                query.description().map(text -> Filter.eq("description", text)).orElse(Filter.all()),
                AssetFilters.attributes("tags", query.tags().orElse(null)),
                AssetFilters.attributes("tags", query.tag().orElse(null)),
                AssetFilters.attributes("properties", query.properties().orElse(null)));
        List<AssetVersion> found = new ArrayList<>();
        Page page = query.page();
        int at = page.skip();
        while (true) {
            Slice<AssetVersion> some =
                    assets.list(workspace.id(), AssetKind.MODEL, filter, List.of(), new Page(at, page.top()));
            for (AssetVersion model : some.items()) {
                if (found.size() == page.top()) {
                    return new Slice<>(found, Optional.of(String.valueOf(at)));
                }
                at++;
                if (isWanted(workspace, model, query)) {
                    found.add(model);
                }
            }
            if (some.next().isEmpty()) {
                return new Slice<>(found, Optional.empty());
            }
        }
    }

    /** Does what a JSON Patch asks for, of the members that azureml-core changes. */
    Optional<AssetVersion> patch(Workspace workspace, String id, JsonNode operations, String by) {
        return find(workspace, id).flatMap(model -> {
            Optional<String> text = model.description();
            Attributes tags = model.tags();
            Attributes properties = model.properties();
            ObjectNode legacy = model.legacy().orElseGet(Json::object).deepCopy();
            for (JsonNode operation : operations) {
                ModelPatch change = ModelPatch.read(operation);
                JsonNode value = change.value();
                switch (change.member()) {
                    case "description" -> text = value.isNull() ? Optional.empty() : Optional.of(change.text());
                    case "kvTags" -> tags = Attributes.of(value, "kvTags");
                    case "properties" -> properties = properties.merged(Attributes.of(value, "properties"));
                    default -> legacy.set(change.member(), value);
                }
            }
            return assets.describe(
                    workspace.id(),
                    model.name(),
                    model.version(),
                    new ModelDescription(text, tags, properties, legacy),
                    by);
        });
    }

    private boolean isWanted(Workspace workspace, AssetVersion model, ModelQuery query) {
        return isNumbered(model)
                && query.framework()
                        .map(wanted -> model.legacy()
                                .flatMap(legacy -> Json.string(legacy, "framework"))
                                .orElse("Custom")
                                .equalsIgnoreCase(wanted))
                        .orElse(true)
                && query.datasetId()
                        .map(wanted -> model.legacy()
                                .map(legacy -> Json.member(legacy, "datasets")
                                        .valueStream()
                                        .anyMatch(set -> Json.string(set, "id").equals(Optional.of(wanted))))
                                .orElse(false))
                        .orElse(true)
                && (!query.latestOnly() || isLatest(workspace, model));
    }

    private boolean isLatest(Workspace workspace, AssetVersion model) {
        return assets.latest(workspace.id(), AssetKind.MODEL, model.name())
                .filter(latest -> latest.version().equals(model.version()))
                .isPresent();
    }

    private static boolean isNumbered(AssetVersion model) {
        return NUMBER.matcher(model.version()).matches();
    }

    /** Old clients send a list of names. */
    private static ObjectNode tags(ObjectNode body) {
        ObjectNode tags = Json.objectAt(body, "kvTags").deepCopy();
        Json.member(body, "tags")
                .valueStream()
                .filter(JsonNode::isString)
                .forEach(tag -> tags.put(tag.stringValue(), ""));
        return tags;
    }

    private static String required(ObjectNode body, String member) {
        return Json.string(body, member)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> new AzureException(Errors.invalidParameter(member, "it is required.")));
    }
}
