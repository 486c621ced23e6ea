package dev.malachite.server.job;

import dev.malachite.engine.Explainer;
import dev.malachite.engine.JobId;
import dev.malachite.engine.JobPhase;
import dev.malachite.engine.State;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.run.RunExecutions;
import java.time.Clock;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Tells run history how an execution stands, from the state that was committed last. */
@Component
class JobStandings implements RunExecutions {

    private final ObjectProvider<ControlLoop> loop;
    private final Clock clock;

    JobStandings(ObjectProvider<ControlLoop> loop, Clock clock) {
        this.loop = loop;
        this.clock = clock;
    }

    @Override
    public Optional<Standing> of(JobId run) {
        State state = loop.getObject().state();
        return state.job(run)
                .map(job -> new Standing(
                        job.attempt(), job.phase().waiting(), Explainer.explain(state, job, clock.instant())))
                .or(() -> state.parent(run)
                        .map(parent -> new Standing(
                                1, parent.phase() == JobPhase.PREPARING, Explainer.explain(state, parent))));
    }
}
