package dev.malachite.server.job;

import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;
import tools.jackson.databind.node.ObjectNode;

/** Submits jobs of the v2 SDK's form in whoever's name, as its PUT does. */
@Service
public class NewJobs {

    /** The property of a run that a schedule submitted: which one. */
    public static final String SCHEDULE = "azureml.scheduleName";

    private final Submissions submissions;
    private final ObjectProvider<JobType> types;

    NewJobs(Submissions submissions, ObjectProvider<JobType> types) {
        this.submissions = submissions;
        this.types = types;
    }

    /** Refuses properties that no job can have, as far as they alone tell. */
    public void check(ObjectNode properties) {
        if (type(properties).isEmpty()) {
            new CommandJob(properties).check();
        }
    }

    /**
     * Submits a job, after everything that can be wrong with it has been looked at.
     *
     * @param name the job's, which is its run id; no run has it
     */
    public void submit(Workspace workspace, String name, ObjectNode properties, String caller) {
        Optional<JobType> type = type(properties);
        if (type.isPresent()) {
            Submissions.checkRunId(name);
            submissions.submit(type.get().submission(workspace, Optional.empty(), name, properties, caller));
        } else {
            CommandJob job = new CommandJob(properties);
            job.check();
            submissions.submit(workspace, name, job, caller);
        }
    }

    /** Who knows jobs of that type; empty for command jobs, and for what there is not. */
    private Optional<JobType> type(ObjectNode properties) {
        String wanted = Json.string(properties, "jobType").orElse("");
        return types.stream()
                .filter(type -> type.name().equalsIgnoreCase(wanted))
                .findFirst();
    }
}
