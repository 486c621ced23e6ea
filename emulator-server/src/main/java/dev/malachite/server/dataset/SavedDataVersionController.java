package dev.malachite.server.dataset;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** Shows a saved dataset as data of the v2 kind, which is where azureml-core since 1.50 takes the definition from. */
@RestController
class SavedDataVersionController {

    private final SavedDatasets saved;

    SavedDataVersionController(SavedDatasets saved) {
        this.saved = saved;
    }

    @GetMapping("/data/v1.0" + WorkspaceRef.PATH + "/dataversion/unregistered-{id}/versions/{version}")
    ObjectNode version(Workspace workspace, @PathVariable String id, @PathVariable String version) {
        if (saved.find(workspace.id(), id).isEmpty()) {
            throw Datasets.notFound(id);
        }
        String dataflow = saved.dataflow(workspace.id(), id)
                .orElseThrow(() -> new AzureException(Errors.userError(
                        "The dataset '%s' was saved by an SDK whose definitions only its own engine reads."
                                .formatted(id))));
        ObjectNode answer = Json.object();
        answer.putObject("dataVersion")
                .put("dataContainerName", "unregistered-" + id)
                .put("versionId", version)
                .put("dataType", "MLTable")
                .put("isAnonymous", true);
        return answer.put("isV2", false).put("legacyDataflowType", "Json").put("legacyDataflow", dataflow);
    }
}
