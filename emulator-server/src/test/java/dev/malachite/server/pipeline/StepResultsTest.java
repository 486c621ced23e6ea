package dev.malachite.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.server.web.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Which steps are the same: "output settings" are among what Azure's documentation names. */
class StepResultsTest {

    private static final String MINE = "azureml://datastores/store/paths/";

    @Test
    void theUsualPlacesOfRunsAreOne() {
        String step = content("run-1", "pipe-1", MINE + "azureml/run-1/out/");

        assertThat(content("run-2", "pipe-2", MINE + "azureml/run-2/out/")).isEqualTo(step);
        assertThat(content("run-2", "pipe-2", MINE + "azureml/pipe-2/result/")).isEqualTo(step);
        assertThat(content("run-2", "pipe-2", MINE + "azureml/a-pipeline-above/result/"))
                .isEqualTo(step);
    }

    @Test
    void aPlaceOfItsOwnIsTheSameButForTheNamesOfRuns() {
        assertThat(content("run-2", "pipe-2", MINE + "kept/run-2/of-pipe-2"))
                .isEqualTo(content("run-1", "pipe-1", MINE + "kept/run-1/of-pipe-1"));
    }

    @Test
    void anotherPlaceOrModeOrNameIsAnotherStep() {
        String usual = content("run-1", "pipe-1", MINE + "azureml/run-1/out/");
        ObjectNode uploading = job("pipe-1", MINE + "azureml/run-1/out/");
        ((ObjectNode) uploading.path("outputs").path("out")).put("mode", "Upload");
        ObjectNode named = job("pipe-1", MINE + "azureml/run-1/out/");
        ((ObjectNode) named.path("outputs").path("out")).put("assetName", "lines");

        assertThat(content("run-2", "pipe-2", MINE + "kept/")).isNotEqualTo(usual);
        assertThat(content("run-2", "pipe-2", "azureml://datastores/second/paths/azureml/run-2/out/"))
                .isNotEqualTo(usual);
        assertThat(StepResults.content("run-1", uploading)).isNotEqualTo(usual);
        assertThat(StepResults.content("run-1", named)).isNotEqualTo(usual);
    }

    private static String content(String run, String pipeline, String uri) {
        return StepResults.content(run, job(pipeline, uri));
    }

    private static ObjectNode job(String pipeline, String uri) {
        ObjectNode job = Json.object().put("command", "train");
        job.putObject("properties").put("azureml.pipelinerunid", pipeline);
        job.putObject("outputs")
                .putObject("out")
                .put("jobOutputType", "uri_folder")
                .put("uri", uri);
        return job;
    }
}
