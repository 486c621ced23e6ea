package dev.malachite.server.job;

import dev.malachite.engine.Command;
import dev.malachite.engine.JobId;
import dev.malachite.server.run.RunSeed;
import dev.malachite.server.store.JobAttachment;
import dev.malachite.server.workspace.Workspace;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.springframework.stereotype.Service;
import tools.jackson.databind.node.ObjectNode;

/** Jobs of either SDK's form that are made for another run: what their parent's kind hands to the engine. */
@Service
public class ChildJobs {

    private final Submissions submissions;

    ChildJobs(Submissions submissions) {
        this.submissions = submissions;
    }

    /**
     * A command job, after everything that can be wrong with it has been looked at.
     *
     * @param properties of a v2 job of type {@code Command}
     */
    public Command.SubmitJob command(
            Workspace workspace, JobId parent, String run, ObjectNode properties, String caller) {
        CommandJob job = new CommandJob(properties);
        job.check();
        return below(submissions.command(workspace, run, job, caller), parent, seed -> seed);
    }

    /**
     * A script with a run configuration, after everything that can be wrong with it has been looked at.
     *
     * @param submission what the v1 SDK would send for it
     * @param tags what it bears besides
     */
    public Command.SubmitJob script(
            Workspace workspace,
            JobId parent,
            String experiment,
            String run,
            ObjectNode submission,
            Map<String, String> tags,
            String caller) {
        RunConfiguration configuration = new RunConfiguration(submission);
        configuration.check();
        return below(submissions.script(workspace, experiment, run, configuration, caller), parent, seed -> {
            Map<String, String> all = new LinkedHashMap<>(seed.tags());
            all.putAll(tags);
            return seed.tagged(all);
        });
    }

    private static Command.SubmitJob below(Command.SubmitJob job, JobId parent, UnaryOperator<RunSeed> more) {
        if (!(job.attachment() instanceof JobAttachment(RunSeed seed, var image))) {
            throw new IllegalStateException("a job without its record: " + job.id());
        }
        return job.kept(new JobAttachment(more.apply(seed.below(parent.run())), image))
                .childOf(parent);
    }
}
