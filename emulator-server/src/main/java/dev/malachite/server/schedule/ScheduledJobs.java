package dev.malachite.server.schedule;

import dev.malachite.api.Errors;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.job.NewJobs;
import dev.malachite.server.run.Runs;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Turns a schedule's definition into a run: it stands in the schedule, or is that of a job which is to run again. */
@Service
class ScheduledJobs {

    /** What a schedule may say anew of a job that is to run again. */
    private static final List<String> SAID_ANEW = List.of("experimentName", "inputs", "tags", "description");

    private final NewJobs jobs;
    private final Runs runs;

    ScheduledJobs(NewJobs jobs, Runs runs) {
        this.jobs = jobs;
        this.runs = runs;
    }

    /** Refuses a definition that can never be submitted. */
    void check(WorkspaceId workspace, ObjectNode action) {
        String type = Json.string(action, "actionType").orElse("");
        if (!type.equalsIgnoreCase("CreateJob")) {
            throw new AzureException(Errors.userError(
                    "Schedules with the action '%s' are not supported by Malachite; make one that creates a job."
                            .formatted(type)));
        }
        if (!(Json.member(action, "jobDefinition") instanceof ObjectNode definition)) {
            throw new AzureException(
                    Errors.invalidParameter("properties.action.jobDefinition", "an object is required."));
        }
        jobs.check(resolved(workspace, definition));
    }

    /** Submits the run that is due; one that is there already is left as it is. */
    String submit(Workspace workspace, Schedule schedule, Instant due) {
        String name = schedule.run(due);
        if (runs.find(workspace.id(), name).isEmpty()) {
            ObjectNode definition = resolved(workspace.id(), schedule.definition());
            definition.put("displayName", name);
            ObjectNode properties = Json.objectAt(definition, "properties").deepCopy();
            definition.set("properties", properties.put(NewJobs.SCHEDULE, schedule.name()));
            jobs.submit(workspace, name, definition, schedule.createdBy());
        }
        return name;
    }

    private ObjectNode resolved(WorkspaceId workspace, ObjectNode definition) {
        Optional<String> source = Json.string(definition, "sourceJobId").filter(id -> !id.isBlank());
        // A pipeline that was made of an earlier one names it too, but has its own steps.
        if (source.isEmpty() || !Json.objectAt(definition, "jobs").isEmpty()) {
            ObjectNode own = definition.deepCopy();
            own.remove("sourceJobId");
            return own;
        }
        String name = source.get().substring(source.get().lastIndexOf('/') + 1).replaceFirst("^azureml:", "");
        ObjectNode again = runs.definition(workspace, name)
                .map(ObjectNode::deepCopy)
                .orElseThrow(() -> new AzureException(Errors.notFound("Job '%s'".formatted(name))));
        for (String member : SAID_ANEW) {
            JsonNode said = Json.member(definition, member);
            if (said.isContainer() ? !said.isEmpty() : !said.asString("").isBlank()) {
                again.set(member, said);
            }
        }
        again.put("isArchived", false);
        return again;
    }
}
