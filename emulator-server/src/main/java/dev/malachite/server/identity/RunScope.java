package dev.malachite.server.identity;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Which runs a job may change: its own and those below it. Controllers ask it about run ids that stand in a body, where
 * the guard of paths does not see them; for callers who are no job it allows everything.
 */
@Component
public class RunScope {

    private final ObjectProvider<RunLineage> lineage;

    RunScope(ObjectProvider<RunLineage> lineage) {
        this.lineage = lineage;
    }

    /** Ends the request of a job that is not this run itself. */
    public void requireSelf(String run) {
        CallerIdentity.current().run().filter(own -> !own.runId().equals(run)).ifPresent(own -> refuse(own, run));
    }

    /** Ends the request of a job that may not change this run. */
    public void requireWritable(String run) {
        CallerIdentity.current().run().filter(own -> !covers(own, run)).ifPresent(own -> refuse(own, run));
    }

    /** Ends the request of a job that may neither change this run nor make it below that parent. */
    public void requireCreatable(String run, Optional<String> parent) {
        CallerIdentity.current()
                .run()
                .filter(own -> !covers(own, run))
                .filter(own -> exists(own, run)
                        || parent.filter(above -> covers(own, above)).isEmpty())
                .ifPresent(own -> refuse(own, run));
    }

    /** Ends the request of a job. */
    public void requirePerson(String what) {
        CallerIdentity.current().run().ifPresent(own -> {
            throw new AzureException(
                    Errors.forbidden("The token of run '%s' is not good for %s.".formatted(own.runId(), what)));
        });
    }

    /** Whether that caller may change this run. */
    public boolean mayWrite(CallerIdentity caller, String run) {
        return caller.run().filter(own -> !covers(own, run)).isEmpty();
    }

    boolean covers(RunIdentity own, String run) {
        return run.equals(own.runId())
                || lineage.stream().anyMatch(runs -> runs.descends(own.workspace(), run, own.runId()));
    }

    /** Nobody knows of runs: then each may exist. */
    boolean exists(RunIdentity own, String run) {
        RunLineage runs = lineage.getIfAvailable();
        return runs == null || runs.exists(own.workspace(), run);
    }

    private static void refuse(RunIdentity own, String run) {
        throw new AzureException(
                Errors.forbidden("The token of run '%s' is not good for run '%s'.".formatted(own.runId(), run)));
    }
}
