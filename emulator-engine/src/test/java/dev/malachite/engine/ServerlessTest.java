package dev.malachite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Compute that is made for one job and goes with it. */
class ServerlessTest {

    private final Scenario world = new Scenario();

    @Test
    void itComesWithItsJobAndIsGoneAfterIt() {
        submit("a", 1);
        world.obey();
        assertThat(world.job("a").phase()).isEqualTo(JobPhase.RUNNING);
        assertThat(world.nodes()).hasSize(1);
        world.exit("a", 0);
        world.obey();
        assertThat(world.ended("a")).isTrue();
        assertThat(world.state.targets()).isEmpty();
        assertThat(world.nodes()).isEmpty();
        assertThat(world.state.operations()).allMatch(Operation::done);
    }

    @Test
    void aJobThatIsCanceledBeforeItHasANodeTakesItsComputeWithIt() {
        submit("a", 1);
        world.tell(new Command.CancelJob(new JobId(Scenario.WORKSPACE, "a")));
        world.obey();
        assertThat(world.ended("a")).isTrue();
        assertThat(world.state.targets()).isEmpty();
    }

    @Test
    void anImageThatCannotBeHadEndsBoth() {
        submit("a", 1);
        world.tell(new Command.ImageFailed(Scenario.IMAGE, "no such image"));
        world.obey();
        assertThat(world.ended("a")).isTrue();
        assertThat(world.state.targets()).isEmpty();
    }

    @Test
    void itIsNeverMadeWhereAnotherIs() {
        submit("a", 1);
        assertThatThrownBy(() -> submit("b", 1))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.kind()).isEqualTo(Refusal.Kind.CONFLICT));
        assertThat(world.state.job(new JobId(Scenario.WORKSPACE, "b"))).isEmpty();
    }

    @Test
    void aRefusedJobLeavesNoComputeBehind() {
        assertThatThrownBy(() -> submit("a", 2)).isInstanceOf(Refusal.class);
        assertThat(world.state.targets()).isEmpty();
    }

    private Job submit(String run, int nodes) {
        Command.SubmitJob job = new Command.SubmitJob(
                new JobId(Scenario.WORKSPACE, run),
                Scenario.CLUSTER,
                Scenario.IMAGE,
                nodes,
                0,
                Optional.of(Duration.ofHours(1)),
                new Scenario.Nothing());
        return world.tell(job.on(new Command.PutTarget(
                Scenario.CLUSTER,
                Scenario.CLUSTER.name(),
                new ComputeKind.Serverless(Scenario.SIZE, VmPriority.LOW_PRIORITY, 1, run),
                Scenario.SCOPE,
                "{}",
                RuntimeKind.SIMULATED,
                new OperationId("made-for-" + run),
                Optional.empty())));
    }
}
