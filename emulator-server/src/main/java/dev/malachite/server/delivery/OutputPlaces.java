package dev.malachite.server.delivery;

import dev.malachite.server.datastore.Datastores;
import dev.malachite.server.run.Runs;
import dev.malachite.server.workspace.Workspace;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** Says where the named outputs of jobs go. */
@Component
class OutputPlaces {

    /** The datastore of runs' own files. */
    static final String ARTIFACTS = "workspaceartifactstore";

    /** What the service fills in itself. */
    private static final Pattern PLACE = Pattern.compile("\\$\\{\\{\\s*(name|output_name|default_datastore)\\s*}}");

    private final Runs runs;
    private final Datastores datastores;

    OutputPlaces(Runs runs, Datastores datastores) {
        this.runs = runs;
        this.datastores = datastores;
    }

    /** Where that output of that job is; empty when there is none of that name. */
    Optional<String> find(Workspace workspace, String run, String output) {
        return named(workspace, run, output).map(each -> uri(workspace, run, each));
    }

    Optional<JobOutput> named(Workspace workspace, String run, String output) {
        return runs.definition(workspace.id(), run)
                .filter(definition -> !definition.has("Configuration"))
                .flatMap(definition -> JobOutput.of(definition).stream()
                        .filter(each -> each.name().equals(output))
                        .findFirst());
    }

    /** Where it is to go: where its user says, else below the job's name in the default datastore. */
    String uri(Workspace workspace, String run, JobOutput output) {
        String folder = "azureml/%s/%s".formatted(run, output.name());
        return output.uri()
                .map(uri -> filled(uri, workspace, run, output))
                .orElseGet(() -> "azureml://datastores/%s/paths/%s"
                        .formatted(datastores.defaultName(workspace), output.isFile() ? folder : folder + "/"));
    }

    private String filled(String uri, Workspace workspace, String run, JobOutput output) {
        Matcher matcher = PLACE.matcher(uri);
        StringBuilder filled = new StringBuilder();
        while (matcher.find()) {
            String value = switch (matcher.group(1)) {
                case "name" -> run;
                case "output_name" -> output.name();
                default -> datastores.defaultName(workspace);
            };
            matcher.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(filled).toString();
    }
}
