package dev.malachite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A job that runs on several nodes at once is one job: it succeeds where all of it does, and stops everywhere. */
class SeveralNodesTest {

    private static final JobId JOB = new JobId(Scenario.WORKSPACE, "a");

    private final Scenario world = new Scenario();
    private List<NodeId> nodes = List.of();

    @BeforeEach
    void aJobThatRunsOnThreeNodes() {
        world.cluster(0, 3, VmPriority.LOW_PRIORITY);
        world.submit(Scenario.CLUSTER, "a", 3, 0);
        world.obey();
        nodes = world.job("a").nodes();
        assertThat(nodes).hasSize(3);
    }

    private List<Action> planFor(int index) {
        return world.plan().stream()
                .filter(action ->
                        action instanceof Action.OnNode on && on.node().equals(nodes.get(index)))
                .toList();
    }

    private Node node(int index) {
        return world.state.node(nodes.get(index)).orElseThrow();
    }

    private String ending() {
        return world.events.stream()
                .filter(event ->
                        List.of("job.completed", "job.failed", "job.canceled").contains(event.type()))
                .map(event -> event.type() + " " + event.message())
                .findFirst()
                .orElse("");
    }

    @Test
    void itHasEndedWhenAllOfItHas() {
        world.exit(nodes.get(1), 0);
        world.exit(nodes.get(0), 0);
        assertThat(world.job("a").phase()).isEqualTo(JobPhase.RUNNING);
        assertThat(planFor(0)).as("what it left is kept at its end").isEmpty();
        assertThat(planFor(2)).singleElement().isInstanceOf(Action.RunJob.class);

        world.exit(nodes.get(2), 0);
        assertThat(world.job("a").phase()).isEqualTo(JobPhase.FINALIZING);
        assertThat(world.plan()).hasSize(3).allMatch(Action.Collect.class::isInstance);
        world.tell(new Command.JobCollected(nodes.get(0), JOB, 1, ""));
        world.tell(new Command.JobCollected(nodes.get(2), JOB, 1, ""));
        assertThat(world.ended("a")).isFalse();
        world.tell(new Command.JobCollected(nodes.get(1), JOB, 1, ""));
        assertThat(world.ended("a")).isTrue();
        assertThat(ending()).startsWith("job.completed");
    }

    @Test
    void thePartThatFailsFirstEndsTheOthersAndItsErrorIsTheJobs() {
        world.exit(nodes.get(1), 7);
        assertThat(planFor(0)).singleElement().isInstanceOf(Action.StopJob.class);
        assertThat(planFor(1)).isEmpty();
        world.obey();

        assertThat(world.ended("a")).isTrue();
        assertThat(ending()).isEqualTo("job.failed it failed on " + nodes.get(1));
        assertThat(world.nodes()).hasSize(3).allMatch(node -> node.phase() == NodePhase.IDLE);
    }

    /** Of three nodes the last one serves only. */
    private void served() {
        world.tell(new Command.CancelJob(JOB));
        world.obey();
        world.tell(new Command.SubmitJob(
                        new JobId(Scenario.WORKSPACE, "served"),
                        Scenario.CLUSTER,
                        Scenario.IMAGE,
                        3,
                        0,
                        Optional.empty(),
                        new Scenario.Nothing())
                .served(1));
        world.obey();
        nodes = world.job("served").nodes();
        world.events.clear();
    }

    @Test
    void aNodeThatOnlyServesIsStoppedWhenTheOthersHaveEndedAndTheirsIsTheResult() {
        served();
        world.exit(nodes.get(1), 0);
        assertThat(planFor(2)).singleElement().isInstanceOf(Action.RunJob.class);
        world.exit(nodes.get(0), 0);
        assertThat(planFor(2)).singleElement().isInstanceOf(Action.StopJob.class);
        world.obey();

        assertThat(ending()).startsWith("job.completed");
    }

    @Test
    void aNodeThatIsLostWhenAllItServedHasEndedTakesNothingWithIt() {
        served();
        world.exit(nodes.get(0), 0);
        world.exit(nodes.get(1), 0);
        world.tell(new Command.BreakNode(nodes.get(2), "the disk does not answer"));
        world.obey();

        assertThat(ending()).startsWith("job.completed");
    }

    @Test
    void aNodeThatHasLeftWhenAllItServedHasEndedTakesNothingWithIt() {
        served();
        world.exit(nodes.get(0), 0);
        world.exit(nodes.get(1), 0);
        world.tell(new Command.NodeClosed(nodes.get(2)));
        world.obey();

        assertThat(ending()).startsWith("job.completed");
    }

    @Test
    void aNodeThatServesAndFailsWhileItIsNeededEndsTheJob() {
        served();
        world.exit(nodes.get(0), 0);
        world.exit(nodes.get(2), 3);
        world.obey();

        assertThat(ending()).isEqualTo("job.failed it failed on " + nodes.get(2));
    }

    @Test
    void aPartThatHadNotBegunWhenAnotherFailedDoesNotStartTheJobAnew() {
        world.exit(nodes.get(1), 7);
        world.tell(new Command.NodeLost(nodes.get(0), node(0).generation(), "It had not begun."));
        assertThat(world.job("a").attempt()).isEqualTo(1);
        world.obey();

        assertThat(ending()).isEqualTo("job.failed it failed on " + nodes.get(1));
    }

    @Test
    void whatTheOthersHaveDoneIsKeptWhenOnePartIsRefused() {
        world.tell(new Command.JobRefused(nodes.get(2), JOB, 1, "Its input is missing."));
        assertThat(world.plan()).hasSize(2).allMatch(Action.StopJob.class::isInstance);
        world.exit(nodes.get(0), 143);
        world.exit(nodes.get(1), 143);
        assertThat(world.plan())
                .hasSize(2)
                .allMatch(action -> action instanceof Action.Collect collect
                        && !collect.node().equals(nodes.get(2)));
        world.obey();

        assertThat(ending()).isEqualTo("job.failed Its input is missing.");
    }

    @Test
    void aCanceledJobStopsOnAllNodesBeforeItHasEnded() {
        world.tell(new Command.CancelJob(JOB));
        assertThat(world.plan()).hasSize(3).allMatch(Action.StopJob.class::isInstance);
        world.exit(nodes.get(0), 143);
        world.tell(new Command.NodeLost(nodes.get(1), node(1).generation(), "It had not begun."));
        assertThat(world.job("a").phase()).isEqualTo(JobPhase.CANCEL_REQUESTED);
        world.exit(nodes.get(2), 0);
        assertThat(world.plan()).as("nothing is left on the lost one").hasSize(2);
        world.obey();

        assertThat(ending()).startsWith("job.canceled");
    }

    @Test
    void aLostNodeTakesTheOthersWithItAndAllStartAnew() {
        world.exit(nodes.get(0), 0);
        world.tell(new Command.NodeLost(nodes.get(1), node(1).generation(), "the container is gone."));
        assertThat(world.job("a").phase()).isEqualTo(JobPhase.QUEUED);
        assertThat(world.job("a").exits()).isEmpty();
        world.obey();

        assertThat(world.job("a").attempt()).isEqualTo(2);
        assertThat(world.job("a").phase()).isEqualTo(JobPhase.RUNNING);
        assertThat(world.job("a").nodes()).doesNotContainAnyElementsOf(nodes);
    }

    @Test
    void anEvictionOfOneNodeStopsTheOthersToo() {
        world.tell(new Command.EvictNode(nodes.get(2), Optional.empty(), Duration.ZERO, true));
        assertThat(world.plan()).hasSize(3).allMatch(Action.StopJob.class::isInstance);
        world.exit(nodes.get(0), 0);
        world.exit(nodes.get(2), 143);
        assertThat(world.job("a").attempt()).as("one part still cleans up").isEqualTo(1);
        world.exit(nodes.get(1), 0);
        world.obey();

        assertThat(world.job("a").attempt()).isEqualTo(2);
        assertThat(world.job("a").nodes()).doesNotContainAnyElementsOf(nodes);
    }

    @Test
    void anEvictionAfterAFailureDoesNotExcuseIt() {
        world.exit(nodes.get(1), 7);
        world.tell(new Command.EvictNode(nodes.get(0), Optional.empty(), Duration.ZERO, true));
        world.obey();

        assertThat(ending()).isEqualTo("job.failed it failed on " + nodes.get(1));
        assertThat(world.nodes()).as("the evicted one is gone").hasSize(2);
    }

    @Test
    void itMayRunAsLongAsAJobOfOneNode() {
        Scenario limited = new Scenario();
        limited.cluster(0, 2, VmPriority.DEDICATED);
        limited.tell(new Command.SubmitJob(
                JOB,
                Scenario.CLUSTER,
                Scenario.IMAGE,
                2,
                0,
                Optional.of(Duration.ofMinutes(1)),
                new Scenario.Nothing()));
        limited.obey();
        limited.pass(Duration.ofMinutes(1));
        assertThat(limited.plan()).hasSize(2).allMatch(Action.StopJob.class::isInstance);
        limited.obey();

        assertThat(limited.ended("a")).isTrue();
        assertThat(limited.events).extracting(Event::type).contains("job.failed");
    }

    @Test
    void anUnusableNodeStartsAllOfItAnew() {
        world.tell(new Command.BreakNode(nodes.get(0), "the disk does not answer"));
        world.obey();
        assertThat(world.job("a").attempt()).isEqualTo(2);
        assertThat(world.job("a").phase()).as("only two usable nodes are left").isEqualTo(JobPhase.QUEUED);
        world.tell(new Command.RepairNode(nodes.get(0)));
        world.obey();

        assertThat(world.job("a").phase()).isEqualTo(JobPhase.RUNNING);
    }
}
