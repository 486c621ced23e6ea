package dev.malachite.server.delivery;

import dev.malachite.server.run.RunChanges;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Writes into a run what became of its named outputs, and registers those that are to have a name of their own. */
@Component
public class OutputRecords {

    private static final Logger LOG = LoggerFactory.getLogger(OutputRecords.class);

    private final OutputPlaces places;
    private final RunChanges runs;
    private final ObjectProvider<NamedData> named;

    OutputRecords(OutputPlaces places, RunChanges runs, ObjectProvider<NamedData> named) {
        this.places = places;
        this.runs = runs;
        this.named = named;
    }

    /**
     * What the job left is kept. May be told again.
     *
     * @param succeeded what a failed job left is kept, but gets no name
     */
    public void ended(Workspace workspace, String run, ObjectNode definition, boolean succeeded) {
        List<JobOutput> outputs = JobOutput.of(definition);
        if (outputs.isEmpty()) {
            return;
        }
        ObjectNode record = Json.object();
        for (JobOutput output : outputs) {
            record.putObject(output.name())
                    .put("assetId", assetId(workspace, run, output, succeeded))
                    .put("type", type(output));
        }
        ObjectNode change = Json.object();
        change.set("outputs", record);
        runs.patch(workspace.id(), run, change);
    }

    private String assetId(Workspace workspace, String run, JobOutput output, boolean succeeded) {
        Optional<NamedData.Found> registered = succeeded
                ? output.assetName().flatMap(name -> register(workspace, run, output, name))
                : Optional.empty();
        return "azureml://locations/%s/workspaces/%s/%s/%s/versions/%s"
                .formatted(
                        workspace.location(),
                        workspace.id(),
                        output.isModel() ? "models" : "data",
                        registered
                                .map(NamedData.Found::name)
                                .orElse("azureml_%s_output_data_%s".formatted(run, output.name())),
                        registered.map(NamedData.Found::version).orElse("1"));
    }

    private Optional<NamedData.Found> register(Workspace workspace, String run, JobOutput output, String name) {
        String uri = places.uri(workspace, run, output);
        try {
            return named.stream()
                    .findFirst()
                    .map(assets ->
                            assets.register(workspace, name, output.assetVersion(), output.type(), uri, Map.of(), run));
        } catch (AzureException e) {
            // Another has the name and version, for example: the files are kept all the same.
            LOG.warn(
                    "output {} of {} is not registered as {}: {}",
                    output.name(),
                    run,
                    name,
                    e.error().message());
            return Optional.empty();
        }
    }

    /** Of data the v2 type, of models what the model registry calls it: the SDK tells them apart by it. */
    private static String type(JobOutput output) {
        return switch (output.type()) {
            case "custom_model" -> "CustomModel";
            case "mlflow_model" -> "MLFlowModel";
            case "triton_model" -> "TritonModel";
            default -> output.type();
        };
    }
}
