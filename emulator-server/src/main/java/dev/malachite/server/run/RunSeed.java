package dev.malachite.server.run;

import dev.malachite.engine.JobId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a run's record starts with when a job is accepted; written in the transaction that accepts the job.
 *
 * @param runType {@code azureml.scriptrun} for the v1 SDK, {@code Command} jobs too
 * @param target the compute target's name as given
 * @param definition the v1 run configuration or the v2 job, as received
 * @param createdBy the name in the caller's token
 */
public record RunSeed(
        JobId id,
        String experiment,
        Optional<String> parent,
        Optional<String> displayName,
        Optional<String> description,
        String runType,
        String target,
        String script,
        Map<String, String> tags,
        Map<String, String> properties,
        ObjectNode definition,
        String createdBy) {

    /** Without what a view adds to properties: who submits what was fetched sends that along. */
    public RunSeed {
        properties = new LinkedHashMap<>(properties);
        properties.keySet().removeIf(name -> name.startsWith(RunExecutions.PREFIX));
    }

    /** The same as a child of another run. */
    public RunSeed below(String above) {
        return new RunSeed(
                id,
                experiment,
                Optional.of(above),
                displayName,
                description,
                runType,
                target,
                script,
                tags,
                properties,
                definition,
                createdBy);
    }

    public RunSeed tagged(Map<String, String> with) {
        return new RunSeed(
                id,
                experiment,
                parent,
                displayName,
                description,
                runType,
                target,
                script,
                with,
                properties,
                definition,
                createdBy);
    }
}
