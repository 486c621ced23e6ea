package dev.malachite.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** What flows into steps and out of them; the documents are as azure-ai-ml 1.35 sends them. */
class WiringTest {

    private static final ObjectNode COMPONENT = Json.parse("""
            {"type": "command", "inputs": {"data": {"type": "uri_folder", "mode": "download"},
              "rate": {"type": "number", "default": "0.5"}, "note": {"type": "string", "optional": true}},
             "outputs": {"out": {"type": "uri_folder"}}}""");

    private final Map<String, Step> steps = new LinkedHashMap<>();
    private final Pipeline pipeline = new Pipeline("job-1", Json.parse("""
            {"inputs": {"where": {"jobInputType": "uri_folder", "uri": "azureml:numbers:1"},
              "rate": {"jobInputType": "literal", "value": "0.1"}, "group.note": {"jobInputType": "literal", "value": "n"}},
             "outputs": {"result": {"jobOutputType": "uri_folder", "mode": "Upload"}}}"""), steps, Json.object());
    private final Wiring places = new Wiring(pipeline, "store", step -> Json.object());
    private final Wiring wiring = new Wiring(pipeline, "store", step -> places.outputs(step, "run-of-" + step.name()));

    @Test
    void inputsOfThePipelineComeWithTheTypeAndModeOfTheComponent() {
        Step step = step("a", """
                {"inputs": {"data": {"job_input_type": "literal", "value": "${{parent.inputs.where}}"},
                  "rate": {"job_input_type": "literal", "value": "${{parent.inputs.rate}}"},
                  "note": {"job_input_type": "literal", "value": "as ${{parent.inputs.group.note}} says"}}}""");

        assertThat(wiring.inputs(step)).isEqualTo(Json.parse("""
                {"data": {"jobInputType": "uri_folder", "uri": "azureml:numbers:1", "mode": "Download"},
                 "rate": {"jobInputType": "literal", "value": "0.1"},
                 "note": {"jobInputType": "literal", "value": "as n says"}}"""));
    }

    @Test
    void theOutputOfAStepIsTheInputOfTheNextOneAndSaysWhoComesFirst() {
        step("a", "{}");
        Step step = step("b", """
                {"inputs": {"data": {"job_input_type": "literal", "value": "${{parent.jobs.a.outputs.out}}", "mode": "ReadOnlyMount"}}}""");

        assertThat(wiring.inputs(step).path("data")).isEqualTo(Json.parse("""
                {"jobInputType": "uri_folder", "uri": "azureml://datastores/store/paths/azureml/run-of-a/out/",
                 "mode": "ReadOnlyMount"}"""));
        assertThat(wiring.inputs(step).path("rate").path("value").stringValue()).isEqualTo("0.5");
        assertThat(step.after()).containsExactly("a");
    }

    @Test
    void anOutputOfThePipelineLiesBelowThePipelinesName() {
        Step step = step("a", """
                {"outputs": {"out": {"type": "literal", "value": "${{parent.outputs.result}}", "mode": "Upload"}}}""");

        assertThat(wiring.outputs(step, "run-of-a").path("out")).isEqualTo(Json.parse("""
                {"jobOutputType": "uri_folder", "mode": "Upload",
                 "uri": "azureml://datastores/store/paths/azureml/job-1/result/"}"""));
    }

    @Test
    void aPlaceOfItsOwnIsFilledWithNamesAsTheyAre() {
        Wiring odd = new Wiring(pipeline, "$1store", each -> Json.object());
        Step step = step("a", """
                {"outputs": {"out": {"uri": "azureml://datastores/${{default_datastore}}/paths/${{name}}/${{output_name}}"}}}""");

        assertThat(odd.outputs(step, "a$run").path("out").path("uri").stringValue())
                .isEqualTo("azureml://datastores/$1store/paths/a$run/out");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "second",
                "azureml:second",
                "/subscriptions/s/resourceGroups/g/providers/p/workspaces/w/datastores/second",
                "azureml:/subscriptions/s/resourceGroups/g/providers/p/workspaces/w/datastores/second"
            })
    void theDefaultDatastoreIsNamedByItsNameOrItsId(String form) {
        ObjectNode properties = Json.object();
        properties.putObject("settings").put("default_datastore", form);

        assertThat(new Pipeline("job-1", properties, steps, Json.object()).defaultDatastore())
                .contains("second");
    }

    @Test
    void theSearchSpaceOfAStepIsWrittenAsThatOfASweep() {
        Step step = new Step("a", Step.Kind.SWEEP, Json.parse("""
                {"limits": {}, "search_space": {
                  "c": {"values": [1, {"kind": "deep", "fixed": {"type": "x"},
                        "rate": {"type": "loguniform", "min_value": -6, "max_value": -1}}], "type": "choice"},
                  "r": {"type": "randint", "upper": 3}, "u": {"type": "quniform", "min_value": 1, "max_value": 9, "q": 2},
                  "n": {"type": "qlognormal", "mu": 1, "sigma": 2, "q": 3}}}"""), "azureml:c:1", COMPONENT);

        assertThat(new StepJobs(wiring).document(step, "run-of-a").path("searchSpace"))
                .isEqualTo(Json.parse("""
                {"c": ["choice", [[1, {"kind": "deep", "fixed": {"type": "x"}, "rate": ["loguniform", [-6, -1]]}]]],
                 "r": ["randint", [3]], "u": ["quniform", [1, 9, 2]], "n": ["qlognormal", [1, 2, 3]]}"""));
    }

    @Test
    void aCountThatNoJobCanHaveIsRefused() {
        ObjectNode fits = Json.parse("{\"type\": \"mpi\", \"process_count_per_instance\": \"2\"}");
        ObjectNode large = fits.deepCopy().put("process_count_per_instance", "99999999999999999999");

        assertThat(Words.distribution(fits).path("processCountPerInstance").asInt())
                .isEqualTo(2);
        assertThatThrownBy(() -> Words.distribution(large))
                .isInstanceOf(AzureException.class)
                .hasMessageContaining("processCountPerInstance");
    }

    @Test
    void anInputThatIsNeededMustBeThere() {
        Step step = step("a", "{}");

        assertThatThrownBy(() -> wiring.inputs(step))
                .isInstanceOfSatisfying(
                        AzureException.class,
                        refused -> assertThat(refused.error().message())
                                .isEqualTo("Required input 'data' of step 'a' is not provided."));
    }

    private Step step(String name, String node) {
        Step step = new Step(name, Step.Kind.COMMAND, Json.parse(node), "azureml:c:1", COMPONENT);
        steps.put(name, step);
        return step;
    }
}
