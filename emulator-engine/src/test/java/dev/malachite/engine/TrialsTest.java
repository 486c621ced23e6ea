package dev.malachite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.engine.sweep.Distribution;
import dev.malachite.engine.sweep.Goal;
import dev.malachite.engine.sweep.Option;
import dev.malachite.engine.sweep.Sampling;
import dev.malachite.engine.sweep.SearchSpace;
import dev.malachite.engine.sweep.SweepPlan;
import dev.malachite.engine.sweep.Termination;
import dev.malachite.engine.sweep.Trial;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A sweep and its trials, step by step. */
class TrialsTest {

    private static final JobId SWEEP = new JobId(Scenario.WORKSPACE, "sweep");

    private final Scenario world = new Scenario();

    @BeforeEach
    void cluster() {
        world.cluster(0, 4, VmPriority.DEDICATED);
    }

    @Test
    void asManyTrialsAsAllowedAreUnderWayUntilTheGridIsThrough() {
        submit(5, 2, 100, Optional.empty(), new Termination.Never());

        world.obey();
        assertThat(live()).containsExactly("0", "1");
        exit(0, 0);
        assertThat(live()).containsExactly("1", "2");
        for (int i = 1; i < 5; i++) {
            exit(i, 0);
        }

        assertThat(world.events.getLast().type()).isEqualTo("job.completed");
        assertThat(world.state.parent(SWEEP)).isEmpty();
    }

    @Test
    void noMoreTrialsAreMadeThanAskedFor() {
        submit(5, 5, 3, Optional.empty(), new Termination.Never());

        world.obey();
        assertThat(live()).containsExactly("0", "1", "2");
    }

    @Test
    void aPoorTrialIsStoppedAndTheBestIsKnown() {
        submit(2, 2, 2, Optional.empty(), new Termination.Bandit(new Termination.Pace(1, 0), 0, 0.5));

        world.obey();
        report(0, 0, 0.1);
        report(1, 0, 9.0);
        assertThat(world.state.job(run(1)).orElseThrow().stop()).contains(Job.StopReason.CANCELED_BY_USER);
        report(0, 0, 0.1, 0.05); // the first value is told again, and counts once
        assertThat(trial(0).reported()).isEqualTo(2);
        Trials trials = (Trials) world.state.parent(SWEEP).orElseThrow().plan();
        assertThat(trials.best(world.state.children(SWEEP).values()))
                .map(Child::name)
                .contains("0");
    }

    @Test
    void aReportThatComesBeforeAnEarlierOneWaitsForIt() {
        submit(1, 1, 1, Optional.empty(), new Termination.Never());

        world.obey();
        report(0, 2, 0.1);
        assertThat(trial(0).reported()).isZero();
        report(0, 0, 0.5, 0.3, 0.1);
        assertThat(trial(0).reported()).isEqualTo(3);
        assertThat(trial(0).best()).hasValue(0.1);
    }

    @Test
    void manyTrialsAreSampledAFewAtATime() {
        submit(100, 100, 100, Optional.empty(), new Termination.Never());

        assertThat(world.state.children(SWEEP)).hasSize(16);
        world.obey();
        assertThat(live()).hasSize(100);
    }

    @Test
    void aSweepIsGivenUpWhenItsFirstTrialsHaveAllFailed() {
        submit(9, 1, 9, Optional.empty(), new Termination.Never());

        world.obey();
        for (int i = 0; i < 3; i++) {
            exit(i, 1);
        }
        assertThat(world.events.getLast().type()).isEqualTo("job.failed");
        assertThat(world.events.getLast().message()).startsWith("The first 3 jobs have failed.");
    }

    @Test
    void itIsCanceledWhenItsTimeIsUp() {
        submit(9, 2, 9, Optional.of(Duration.ofMinutes(5)), new Termination.Never());

        world.obey();
        assertThat(world.state.parent(SWEEP).flatMap(Parent::deadline)).contains(world.now.plusSeconds(300));
        world.now = world.now.plusSeconds(300);
        world.tell(new Command.ParentDue(SWEEP));
        assertThat(world.state.parent(SWEEP).orElseThrow().phase()).isEqualTo(JobPhase.CANCEL_REQUESTED);
    }

    private void submit(int points, int concurrent, int total, Optional<Duration> timeout, Termination termination) {
        List<Option> options = IntStream.range(0, points)
                .<Option>mapToObj(i -> new Option.Constant(Integer.toString(i)))
                .toList();
        SweepPlan plan = new SweepPlan(
                new SearchSpace(Map.of("n", new Distribution.Choice(options))),
                new Sampling.Grid(),
                "loss",
                Goal.MINIMIZE,
                termination,
                new SweepPlan.Limits(total, concurrent, timeout, Optional.empty()));
        world.tell(new Command.SubmitParent(SWEEP, Optional.empty(), new Trials(plan), new Scenario.Nothing()));
    }

    private List<String> live() {
        return world.state.children(SWEEP).values().stream()
                .filter(child -> child.phase() == Child.Phase.LIVE)
                .map(Child::name)
                .toList();
    }

    private Trial trial(int number) {
        return Objects.requireNonNull(world.state.children(SWEEP).get(Integer.toString(number)))
                .trial()
                .orElseThrow();
    }

    private void report(int trial, int from, Double... values) {
        world.tell(new Command.TrialReported(run(trial), from, List.of(values)));
    }

    private static JobId run(int trial) {
        return new JobId(Scenario.WORKSPACE, "sweep_" + trial);
    }

    private void exit(int trial, int code) {
        world.exit(run(trial).run(), code);
        world.obey();
    }
}
