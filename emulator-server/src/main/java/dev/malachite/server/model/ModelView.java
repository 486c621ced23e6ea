package dev.malachite.server.model;

import dev.malachite.server.asset.AssetVersion;
import dev.malachite.server.run.RunView;
import dev.malachite.server.run.Runs;
import dev.malachite.server.web.Directory;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Models as azureml-core reads them. */
@Component
class ModelView {

    /** Kept as they were sent. */
    static final List<String> LEGACY = List.of(
            "framework",
            "frameworkVersion",
            "mimeType",
            "url",
            "unpack",
            "experimentName",
            "parentModelId",
            "sampleInputData",
            "sampleOutputData",
            "resourceRequirements",
            "datasets",
            "modelFormat");

    private final Runs runs;

    ModelView(Runs runs) {
        this.runs = runs;
    }

    ObjectNode of(Workspace workspace, AssetVersion model) {
        ObjectNode answer = Json.object()
                .put("id", ModelId.of(model).text())
                .put("name", model.name())
                .put("version", number(model))
                .put("description", model.description().orElse(null))
                .put("createdTime", model.created().toString())
                .put("modifiedTime", model.modified().toString())
                .put("runId", model.runId().orElse(null));
        ObjectNode legacy = model.legacy().orElseGet(() -> ofV2(workspace, model));
        for (String name : LEGACY) {
            if (legacy.has(name)) {
                answer.set(name, legacy.path(name));
            } else {
                answer.putNull(name);
            }
        }
        if (!answer.path("datasets").isArray()) {
            answer.putArray("datasets");
        }
        answer.set("kvTags", model.tags().json());
        answer.set("properties", model.properties().json());
        answer.putArray("derivedModelIds");
        answer.put("modelType", model.type());
        answer.putObject("createdBy")
                .put("userObjectId", Directory.TENANT)
                .put("userTenantId", Directory.TENANT)
                .put("userName", model.createdBy());
        return answer;
    }

    /** Other SDKs name versions as they like; those have no number. */
    private static long number(AssetVersion model) {
        try {
            return Long.parseLong(model.version());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private ObjectNode ofV2(Workspace workspace, AssetVersion model) {
        return Json.object()
                .put("url", "aml://asset/" + ModelId.of(model).text())
                .put("mimeType", "application/json")
                .put("unpack", false)
                .put("framework", "Custom")
                .put(
                        "experimentName",
                        model.runId()
                                .flatMap(run -> runs.find(workspace.id(), run))
                                .map(RunView::experiment)
                                .orElse(null));
    }
}
