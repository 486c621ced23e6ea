package dev.malachite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineTest {

    private final Scenario world = new Scenario();

    @Test
    void aClusterWithNothingToStartHasNoNodesAndNothingToDo() {
        world.cluster(0, 4, VmPriority.DEDICATED);

        assertThat(world.nodes()).isEmpty();
        assertThat(world.plan()).isEmpty();
        assertThat(world.state.operations()).allMatch(Operation::done);
    }

    @Test
    void aJobBringsANodeUpFromZeroRunsAndTheNodeLeavesAfterTheIdleTime() {
        world.cluster(0, 4, VmPriority.DEDICATED);
        world.submit("a");
        assertThat(world.job("a").phase()).isEqualTo(JobPhase.PREPARING);
        world.obey();
        assertThat(world.job("a").phase()).isEqualTo(JobPhase.RUNNING);
        assertThat(world.only().phase()).isEqualTo(NodePhase.RUNNING);

        world.exit("a", 0);
        world.obey();
        assertThat(world.ended("a")).isTrue();
        assertThat(world.only().phase()).isEqualTo(NodePhase.IDLE);
        assertThat(world.only().generation()).as("no container runs two jobs").isEqualTo(2);
        assertThat(world.wake).contains(world.now.plus(Duration.ofMinutes(2)));

        world.pass(Duration.ofSeconds(119));
        assertThat(world.only().phase()).isEqualTo(NodePhase.IDLE);
        world.pass(Duration.ofSeconds(1));
        world.obey();
        assertThat(world.nodes()).isEmpty();
    }

    @Test
    void aChangeOfWhatWasReadBeforeAnothersChangeIsRefused() {
        world.cluster(0, 2, VmPriority.DEDICATED);
        Instant seen = world.now;
        world.pass(Duration.ofSeconds(1));
        world.resize(3, seen);

        assertThatThrownBy(() -> world.resize(9, seen))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.kind()).isEqualTo(Refusal.Kind.CONFLICT));
        assertThat(world.state.target(Scenario.CLUSTER).orElseThrow().scale().max())
                .isEqualTo(3);
        world.resize(4, world.now);
        assertThat(world.state.target(Scenario.CLUSTER).orElseThrow().scale().max())
                .isEqualTo(4);
    }

    @Test
    void theClusterGrowsToItsMaximumAndTheRestWaitsInOrder() {
        world.cluster(0, 2, VmPriority.DEDICATED);
        for (String name : new String[] {"a", "b", "c"}) {
            world.submit(name);
        }
        world.obey();

        assertThat(world.nodes()).hasSize(2);
        assertThat(world.job("a").phase()).isEqualTo(JobPhase.RUNNING);
        assertThat(world.job("b").phase()).isEqualTo(JobPhase.RUNNING);
        assertThat(world.job("c").phase()).isEqualTo(JobPhase.QUEUED);
        assertThat(Explainer.explain(world.state, world.job("c"), world.now))
                .isEqualTo("It is next; the cluster is at its maximum of 2 nodes, 2 of them busy.");

        world.exit("b", 0);
        world.obey();
        assertThat(world.job("c").phase()).isEqualTo(JobPhase.RUNNING);
    }

    @Test
    void minimumNodesStayHoweverLongTheyAreIdle() {
        world.cluster(2, 4, VmPriority.DEDICATED);
        world.obey();
        world.pass(Duration.ofDays(1));
        world.obey();

        assertThat(world.nodes()).hasSize(2).allMatch(node -> node.phase() == NodePhase.IDLE);
    }

    @Test
    void loweringTheMaximumLetsIdleNodesLeaveAtOnce() {
        world.cluster(2, 4, VmPriority.DEDICATED);
        world.obey();
        world.cluster(0, 1, VmPriority.DEDICATED);
        world.obey();

        assertThat(world.nodes()).hasSize(1);
    }

    @Test
    void anEvictedJobRunsAgainAsTheNextAttemptAndNeverTwiceAtOnce() {
        world.cluster(0, 2, VmPriority.LOW_PRIORITY);
        world.submit("a");
        world.obey();
        NodeId first = world.only().id();

        world.tell(new Command.EvictNode(first, Optional.empty(), Duration.ZERO, true));
        assertThat(world.job("a").phase()).as("it has its grace period").isEqualTo(JobPhase.RUNNING);
        assertThat(world.only().phase()).isEqualTo(NodePhase.PREEMPTED);
        world.tell(new Command.JobExited(first, 1, 143));
        world.tell(new Command.JobCollected(first, new JobId(Scenario.WORKSPACE, "a"), 1, ""));
        assertThat(world.job("a").phase()).isEqualTo(JobPhase.QUEUED);
        assertThat(world.only().phase())
                .as("no second node before the first is gone")
                .isEqualTo(NodePhase.LEAVING);
        world.obey();

        assertThat(world.job("a").attempt()).isEqualTo(2);
        assertThat(world.job("a").phase()).isEqualTo(JobPhase.RUNNING);
        assertThat(world.only().id()).isNotEqualTo(first);
        world.exit("a", 0);
        world.obey();
        assertThat(world.ended("a")).isTrue();
    }

    @Test
    void aDedicatedNodeIsNotEvicted() {
        world.cluster(1, 1, VmPriority.DEDICATED);
        world.obey();

        assertThatThrownBy(() ->
                        world.tell(new Command.EvictNode(world.only().id(), Optional.empty(), Duration.ZERO, true)))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("only low-priority");
    }

    @Test
    void cancellingAQueuedJobEndsItAtOnceARunningOneWhenItsProcessHasEnded() {
        world.cluster(0, 1, VmPriority.DEDICATED);
        world.submit("a");
        world.submit("b");
        world.obey();

        world.tell(new Command.CancelJob(new JobId(Scenario.WORKSPACE, "b")));
        assertThat(world.ended("b")).isTrue();

        world.tell(new Command.CancelJob(new JobId(Scenario.WORKSPACE, "a")));
        assertThat(world.job("a").phase()).isEqualTo(JobPhase.CANCEL_REQUESTED);
        world.obey();
        assertThat(world.ended("a")).isTrue();
        assertThat(world.events).extracting(Event::type).contains("job.canceled");
    }

    @Test
    void anImageThatCannotBeHadFailsTheJobsThatWaitForItAndIsAskedForAnew() {
        world.cluster(0, 1, VmPriority.DEDICATED);
        world.submit("a");
        world.tell(new Command.ImageFailed(Scenario.IMAGE, "no such image"));

        assertThat(world.ended("a")).isTrue();
        assertThat(world.plan()).isEmpty();
        world.submit("b");
        assertThat(world.plan()).hasSize(1);
    }

    @Test
    void aNodeThatCannotBeMadeIsTriedAgainLaterAndTheClusterSaysWhy() {
        world.cluster(0, 1, VmPriority.DEDICATED);
        world.imageReady();
        world.submit("a");
        world.imageReady();
        Node node = world.only();
        world.tell(new Command.NodeFailed(node.id(), node.generation(), "no space left"));
        world.tell(new Command.NodeClosed(node.id()));

        assertThat(world.nodes()).isEmpty();
        Target target = world.state.target(Scenario.CLUSTER).orElseThrow();
        assertThat(target.errors())
                .singleElement()
                .extracting(TargetError::message)
                .isEqualTo("no space left");
        assertThat(Explainer.explain(world.state, world.job("a"), world.now)).contains("no space left");

        world.pass(Duration.ofSeconds(2));
        world.obey();
        assertThat(world.job("a").phase()).isEqualTo(JobPhase.RUNNING);
        assertThat(world.state.target(Scenario.CLUSTER).orElseThrow().errors()).isEmpty();
    }

    @Test
    void aJobWhoseNodeIsLostIsTriedAgainButNotForEver() {
        world.cluster(0, 1, VmPriority.DEDICATED);
        world.submit("a");
        for (int attempt = 1; attempt <= 5; attempt++) {
            world.obey();
            assertThat(world.job("a").attempt()).isEqualTo(attempt);
            Node node = world.only();
            world.tell(new Command.NodeLost(node.id(), node.generation(), "the container is gone."));
        }

        assertThat(world.ended("a")).isTrue();
        assertThat(world.events.getLast().message()).contains("Given up after 5 attempts");
    }

    @Test
    void deletingAClusterCancelsItsJobsAndLeavesNothing() {
        world.cluster(0, 1, VmPriority.DEDICATED);
        world.submit("a");
        world.submit("b");
        world.obey();
        Operation operation = world.tell(new Command.DeleteTarget(Scenario.CLUSTER, new OperationId("delete")));
        assertThat(operation.done()).isFalse();
        world.obey();

        assertThat(world.state.targets()).isEmpty();
        assertThat(world.state.jobs()).isEmpty();
        assertThat(world.state.operation(new OperationId("delete"))).get().matches(Operation::done);
    }

    @Test
    void anObservationOfAnEarlierContainerChangesNothing() {
        world.cluster(0, 1, VmPriority.DEDICATED);
        world.submit("a");
        world.obey();
        State before = world.state;
        world.tell(new Command.JobExited(world.only().id(), 0, 1));
        world.tell(new Command.NodeLost(world.only().id(), 0, "late"));

        assertThat(world.state).isSameAs(before);
    }

    @Test
    void anIdleNodeWithAnotherImageIsRefittedRatherThanASecondNodeMade() {
        world.cluster(0, 4, VmPriority.DEDICATED);
        world.submit("a");
        world.obey();
        world.exit("a", 0);
        world.obey();
        world.tell(new Command.SubmitJob(
                new JobId(Scenario.WORKSPACE, "other"),
                Scenario.CLUSTER,
                new ImageKey("another"),
                1,
                0,
                Optional.empty(),
                new Scenario.Nothing()));
        world.obey();

        assertThat(world.only().image()).isEqualTo(new ImageKey("another"));
        assertThat(world.job("other").phase()).isEqualTo(JobPhase.RUNNING);
    }

    @Test
    void aJobThatRunsLongerThanItMayIsStoppedAndFails() {
        world.cluster(0, 1, VmPriority.DEDICATED);
        world.tell(new Command.SubmitJob(
                new JobId(Scenario.WORKSPACE, "a"),
                Scenario.CLUSTER,
                Scenario.IMAGE,
                1,
                0,
                Optional.of(Duration.ofMinutes(1)),
                new Scenario.Nothing()));
        world.obey();
        assertThat(world.wake).contains(world.now.plus(Duration.ofMinutes(1)));
        world.pass(Duration.ofMinutes(1));
        world.obey();

        assertThat(world.ended("a")).isTrue();
        assertThat(world.events).extracting(Event::type).contains("job.failed");
    }

    @Test
    void sizeAndPriorityAreFixedAtCreation() {
        world.cluster(0, 1, VmPriority.DEDICATED);

        assertThatThrownBy(() -> world.cluster(0, 1, VmPriority.LOW_PRIORITY))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("vmPriority");
    }

    @Test
    void aNodeThatFailsDoesNotTakeTheImageAwayFromOthers() {
        world.cluster(0, 2, VmPriority.DEDICATED);
        world.submit("a");
        world.submit("b");
        world.imageReady();
        Node first = world.nodes().getFirst();
        Node second = world.nodes().getLast();
        world.tell(new Command.NodeOpened(first.id(), first.generation()));
        world.obeyOnly(first.id());
        world.tell(new Command.NodeFailed(second.id(), second.generation(), "no space left"));
        world.exit("a", 0);
        world.pass(Duration.ofMinutes(1));
        world.obey();

        assertThat(world.ended("a")).isTrue();
        assertThat(world.job("b").phase()).isEqualTo(JobPhase.RUNNING);
    }

    @Test
    void aJobWhoseNodeIsLostDoesNotStartAgainBeforeThatNodeIsGone() {
        world.cluster(2, 2, VmPriority.DEDICATED);
        world.submit("a");
        world.obey();
        Node node = world.state.node(world.job("a").nodes().getFirst()).orElseThrow();
        world.tell(new Command.NodeLost(node.id(), node.generation(), "the engine did not answer."));

        assertThat(world.job("a").phase())
                .as("another node is idle, but the process may still run")
                .isEqualTo(JobPhase.QUEUED);
        world.obey();
        assertThat(world.job("a").phase()).isEqualTo(JobPhase.RUNNING);
        assertThat(world.job("a").nodes()).doesNotContain(node.id());
    }

    @Test
    void aLossAfterTheExitWasSeenLeavesTheJobToItsEnd() {
        world.cluster(0, 1, VmPriority.DEDICATED);
        world.submit("a");
        world.obey();
        Node node = world.only();
        world.exit("a", 0);
        world.tell(new Command.NodeLost(node.id(), node.generation(), "late"));
        world.obey();

        assertThat(world.ended("a")).isTrue();
        assertThat(world.events).extracting(Event::type).contains("job.completed");
    }

    @Test
    void anImageThatNobodyWaitsForAnyMoreIsNotMade() {
        world.cluster(0, 1, VmPriority.DEDICATED);
        world.submit("a");
        world.tell(new Command.CancelJob(new JobId(Scenario.WORKSPACE, "a")));

        assertThat(world.plan()).isEmpty();
    }

    @Test
    void aTargetThatStillHasNodesIsNotGoneWhateverIsSaidOfItsNamesake() {
        world.cluster(0, 1, VmPriority.DEDICATED);
        world.submit("a");
        world.obey();
        world.tell(new Command.DeleteTarget(Scenario.CLUSTER, new OperationId("delete")));
        world.tell(new Command.TargetClosed(Scenario.CLUSTER));

        assertThat(world.state.target(Scenario.CLUSTER)).isPresent();
        world.obey();
        assertThat(world.state.targets()).isEmpty();
    }
}
