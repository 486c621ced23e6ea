package dev.malachite.server.job;

import dev.malachite.server.workspace.Workspace;
import org.springframework.stereotype.Service;
import tools.jackson.databind.node.ObjectNode;

/** Submits jobs of the v2 SDK's form in whoever's name, as its PUT does. */
@Service
public class NewJobs {

    private final Submissions submissions;

    NewJobs(Submissions submissions) {
        this.submissions = submissions;
    }

    /** Refuses properties that no job can have. */
    public void check(ObjectNode properties) {
        new CommandJob(properties).check();
    }

    /**
     * Submits a job, after everything that can be wrong with it has been looked at.
     *
     * @param name the job's, which is its run id; no run has it
     */
    public void submit(Workspace workspace, String name, ObjectNode properties, String caller) {
        CommandJob job = new CommandJob(properties);
        job.check();
        submissions.submit(workspace, name, job, caller);
    }
}
