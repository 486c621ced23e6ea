package dev.malachite.server.dataset;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.delivery.SavedData;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Lets runs use datasets, and makes datasets of what they leave. */
@Component
class RunDatasets implements SavedData {

    private final Datasets datasets;
    private final SavedDatasets saved;

    RunDatasets(Datasets datasets, SavedDatasets saved) {
        this.datasets = datasets;
        this.saved = saved;
    }

    @Override
    public Optional<String> dataflow(Workspace workspace, String id) {
        return saved.dataflow(workspace.id(), id);
    }

    @Override
    public Optional<String> named(Workspace workspace, String name, Optional<Integer> version) {
        return datasets.named(workspace.id(), name, version)
                .flatMap(found -> Json.string(Json.objectAt(found, "latest"), "savedDatasetId"));
    }

    @Override
    public ObjectNode save(Workspace workspace, String uri, ObjectNode registration) {
        WorkspaceId id = workspace.id();
        Optional<String> name = Json.string(registration, "name").filter(text -> !text.isBlank());
        String dataflow = dataflow(uri);
        ObjectNode identifier = Json.object();
        if (name.isEmpty()) {
            ObjectNode sent = Json.object().put("datasetType", "file").put("dataflowJson", dataflow);
            return identifier.put(
                    "savedId", saved.ensureSaved(id, sent).path("id").asString());
        }
        ObjectNode sent = Json.object().put("name", name.get()).put("datasetType", "file");
        sent.set("description", registration.get("description"));
        sent.set("tags", registration.get("tags"));
        sent.putObject("latest").put("dataflow", dataflow);
        ObjectNode dataset = datasets.register(id, sent, true);
        ObjectNode latest = Json.objectAt(dataset, "latest");
        return identifier
                .put("savedId", latest.path("savedDatasetId").asString())
                .put("registeredId", dataset.path("datasetId").asString())
                .put("registeredVersion", latest.path("versionId").asString());
    }

    /** What {@code Dataset.File.from_files} makes of a folder (azureml-dataprep 5.4). */
    private static String dataflow(String uri) {
        String folder = uri.endsWith("/") ? uri : uri + "/";
        // A JSON string is one of YAML too; the whole as JSON the SDK would take for a definition of its old engine.
        String pattern = Json.text(Json.mapper().valueToTree(folder + "**"));
        ObjectNode json = Json.object();
        json.putArray("blocks");
        json.putObject("meta").put("RsDataflow", "type: mltable\npaths:\n  - pattern: %s\n".formatted(pattern));
        return Json.text(json);
    }
}
