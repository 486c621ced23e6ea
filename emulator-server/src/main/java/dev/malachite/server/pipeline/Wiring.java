package dev.malachite.server.pipeline;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What flows into a step and out of it, in the words of a job of its own.
 *
 * @param datastore where outputs go that say nothing else
 * @param made the outputs of a step that has ended, as its run has them
 */
record Wiring(Pipeline pipeline, String datastore, Function<Step, ObjectNode> made) {

    /** The default that a component declares for an input, as a value. */
    static Optional<ObjectNode> defaultOf(ObjectNode declared) {
        JsonNode value = Json.member(declared, "default");
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(literal(value.asString("")));
    }

    private static ObjectNode literal(String value) {
        return Json.object().put("jobInputType", "literal").put("value", value);
    }

    ObjectNode inputs(Step step) {
        ObjectNode declared = Json.objectAt(step.component(), "inputs");
        Set<String> names = new LinkedHashSet<>(declared.propertyNames());
        names.addAll(step.inputs().propertyNames());
        ObjectNode inputs = Json.object();
        for (String name : names) {
            ObjectNode said = Json.objectAt(declared, name);
            Optional<ObjectNode> value = given(step, name).or(() -> defaultOf(said));
            if (value.isPresent()) {
                inputs.set(name, typed(value.get(), said));
            } else if (!Json.member(said, "optional").asString("false").equalsIgnoreCase("true")
                    && step.kind() != Step.Kind.SWEEP) { // there it may be what is searched for
                throw new AzureException(Errors.userError(
                        "Required input '%s' of step '%s' is not provided.".formatted(name, step.name())));
            }
        }
        return inputs;
    }

    private Optional<ObjectNode> given(Step step, String name) {
        JsonNode given = step.inputs().path(name);
        if (given.isMissingNode() || given.isNull()) {
            return Optional.empty();
        }
        String text = Step.text(given);
        Optional<ObjectNode> value = Binding.of(text)
                .map(binding -> switch (binding) {
                    case Binding.PipelineInput input ->
                        pipeline.input(input.name()).map(ObjectNode::deepCopy);
                    case Binding.StepOutput output -> Optional.of(output(output));
                    case Binding.PipelineOutput output ->
                        throw new AzureException(
                                Errors.userError("Input '%s' of step '%s' is output '%s' of the pipeline."
                                        .formatted(name, step.name(), output.name())));
                })
                .orElseGet(() -> Optional.of(own(given, Binding.fill(text, this::text))));
        value.ifPresent(object -> Json.string(given, "mode").ifPresent(mode -> object.put("mode", Words.mode(mode))));
        return value;
    }

    /** What was written at the step itself. */
    private static ObjectNode own(JsonNode given, String text) {
        String type = Json.string(given, "job_input_type")
                .or(() -> Json.string(given, "type"))
                .orElse("literal");
        return Words.isData(type) ? Json.object().put("jobInputType", type).put("uri", text) : literal(text);
    }

    /** A reference within a text. */
    private String text(Binding binding) {
        return switch (binding) {
            case Binding.PipelineInput input ->
                pipeline.input(input.name()).map(Step::text).orElse("");
            case Binding.StepOutput output -> Json.string(output(output), "uri").orElse("");
            case Binding.PipelineOutput output ->
                throw new AzureException(
                        Errors.userError("Output '%s' of the pipeline is no value.".formatted(output.name())));
        };
    }

    private ObjectNode output(Binding.StepOutput binding) {
        ObjectNode output = Json.objectAt(made.apply(pipeline.step(binding.step())), binding.output());
        String uri = Json.string(output, "uri")
                .orElseThrow(() -> new AzureException(
                        Errors.userError("Step '%s' has no output '%s'.".formatted(binding.step(), binding.output()))));
        return Json.object()
                .put("jobInputType", Json.string(output, "jobOutputType").orElse("uri_folder"))
                .put("uri", uri);
    }

    /** What the component says of an input's type and mode, where it says so. */
    private static ObjectNode typed(ObjectNode value, ObjectNode declared) {
        String type = Json.string(declared, "type").orElse("");
        String text = Step.text(value);
        if (Words.isData(type) && !text.isEmpty()) {
            ObjectNode data = Json.object().put("jobInputType", type).put("uri", text);
            Json.string(value, "mode")
                    .or(() -> Json.string(declared, "mode"))
                    .ifPresent(mode -> data.put("mode", Words.mode(mode)));
            return data;
        }
        return value;
    }

    /** The outputs of a step with the place of each, for the run of that id. */
    ObjectNode outputs(Step step, String run) {
        ObjectNode outputs = Json.object();
        for (Map.Entry<String, JsonNode> declared :
                Json.objectAt(step.component(), "outputs").properties()) {
            String name = declared.getKey();
            ObjectNode given = Json.objectAt(step.outputs(), name);
            ObjectNode output = outputs.putObject(name);
            String type = Json.string(declared.getValue(), "type").orElse("uri_folder");
            if (!Words.isData(type)) {
                throw new AzureException(Errors.userError(
                        "Output '%s' of step '%s' is a value of type '%s'; outputs that are files are supported by this version of Malachite: write it into one."
                                .formatted(name, step.name(), type)));
            }
            output.put("jobOutputType", type);
            Json.string(given, "mode")
                    .or(() -> Json.string(declared.getValue(), "mode"))
                    .ifPresent(mode -> output.put("mode", Words.mode(mode)));
            output.put("uri", place(step, name, type, run));
            asset(given, output);
        }
        return outputs;
    }

    private String place(Step step, String name, String type, String run) {
        Optional<String> bound = bound(step, name);
        if (bound.isPresent()) {
            ObjectNode above = Json.objectAt(Json.objectAt(pipeline.properties(), "outputs"), bound.get());
            return Json.string(above, "uri")
                    .filter(uri -> !uri.isBlank())
                    .map(uri -> filled(uri, pipeline.run(), bound.get()))
                    .orElseGet(() -> usual(pipeline.run(), bound.get(), type));
        }
        ObjectNode given = Json.objectAt(step.outputs(), name);
        return Json.string(given, "uri")
                .or(() -> Json.string(given, "path"))
                .filter(uri -> !uri.isBlank())
                .map(uri -> filled(Binding.fill(uri, this::text), run, name))
                .orElseGet(() -> usual(run, name, type));
    }

    /** The output of the pipeline that the step's output is. */
    static Optional<String> bound(Step step, String name) {
        return Binding.of(Step.text(step.outputs().path(name)))
                .filter(Binding.PipelineOutput.class::isInstance)
                .map(binding -> ((Binding.PipelineOutput) binding).name());
    }

    String usual(String run, String output, String type) {
        return "azureml://datastores/%s/paths/azureml/%s/%s%s"
                .formatted(datastore, run, output, type.equals("uri_file") ? "" : "/");
    }

    private String filled(String uri, String run, String output) {
        return uri.replaceAll("\\$\\{\\{\\s*name\\s*}}", Matcher.quoteReplacement(run))
                .replaceAll("\\$\\{\\{\\s*output_name\\s*}}", Matcher.quoteReplacement(output))
                .replaceAll("\\$\\{\\{\\s*default_datastore\\s*}}", Matcher.quoteReplacement(datastore));
    }

    private static void asset(ObjectNode given, ObjectNode output) {
        Json.string(given, "asset_name")
                .or(() -> Json.string(given, "assetName"))
                .or(() -> Json.string(given, "name"))
                .ifPresent(name -> output.put("assetName", name));
        Json.string(given, "asset_version")
                .or(() -> Json.string(given, "assetVersion"))
                .or(() -> Json.string(given, "version"))
                .ifPresent(version -> output.put("assetVersion", version));
    }
}
