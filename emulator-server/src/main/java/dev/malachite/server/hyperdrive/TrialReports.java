package dev.malachite.server.hyperdrive;

import dev.malachite.engine.Child;
import dev.malachite.engine.Command;
import dev.malachite.engine.JobId;
import dev.malachite.engine.Parent;
import dev.malachite.engine.State;
import dev.malachite.engine.Trials;
import dev.malachite.engine.sweep.Trial;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.metric.MetricListener;
import dev.malachite.server.metric.Metrics;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Tells the engine what trials report of the primary metric; what is told twice counts once. */
@Component
class TrialReports implements MetricListener {

    private final ObjectProvider<ControlLoop> loop;
    private final ObjectProvider<Metrics> metrics;

    TrialReports(ObjectProvider<ControlLoop> loop, ObjectProvider<Metrics> metrics) {
        this.loop = loop;
        this.metrics = metrics;
    }

    @Override
    public boolean listens(JobId run, String metric) {
        return sweep(run)
                .filter(trials -> trials.sweep().metric().equals(metric))
                .isPresent();
    }

    @Override
    public void logged(JobId run, String metric, int from, List<Double> values) {
        var _ = loop.getObject()
                .tell(new Command.TrialReported(run, from, values))
                .thenRun(() -> {
                    // Two batches may overtake each other; what is missing before this one is on disk all the same.
                    if (trial(run).filter(trial -> trial.reported() < from).isPresent()) {
                        Thread.ofVirtual().name("reports of " + run.run()).start(() -> tell(run, metric));
                    }
                });
    }

    private void tell(JobId run, String metric) {
        trial(run).ifPresent(trial -> tell(run, metric, trial));
    }

    private void tell(JobId run, String metric, Trial trial) {
        List<Double> values = metrics.getObject().numbers(run, metric, trial.reported());
        if (!values.isEmpty()) {
            logged(run, metric, trial.reported(), values);
        }
    }

    private Optional<Trial> trial(JobId run) {
        return loop.getObject().state().childOf(run).flatMap(Child::trial);
    }

    /** What was logged just before a halt may not have been told. */
    @EventListener(ApplicationReadyEvent.class)
    void catchUp() {
        State state = loop.getObject().state();
        for (Parent parent : state.parents()) {
            if (parent.plan() instanceof Trials trials) {
                String metric = trials.sweep().metric();
                for (Child child : state.children(parent.id()).values()) {
                    child.trial().ifPresent(trial -> tell(child.run(), metric, trial));
                }
            }
        }
    }

    private Optional<Trials> sweep(JobId run) {
        State state = loop.getObject().state();
        return state.childOf(run)
                .flatMap(child -> state.parent(child.parent()))
                .flatMap(parent -> parent.plan() instanceof Trials trials ? Optional.of(trials) : Optional.empty());
    }
}
