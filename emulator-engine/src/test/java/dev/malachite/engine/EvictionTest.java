package dev.malachite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EvictionTest {

    private static final JobId JOB = new JobId(Scenario.WORKSPACE, "a");

    private final Scenario world = new Scenario();

    @BeforeEach
    void aRunningJob() {
        world.cluster(0, 2, VmPriority.LOW_PRIORITY);
        world.submit("a");
        world.obey();
    }

    private void evict(Duration notice, boolean retry) {
        world.tell(new Command.EvictNode(world.only().id(), Optional.empty(), notice, retry));
    }

    @Test
    void theJobIsToldToStopWhenItsNoticeHasPassed() {
        evict(Duration.ofSeconds(30), true);
        assertThat(world.only().phase()).isEqualTo(NodePhase.RUNNING);
        assertThat(world.wake).contains(world.now.plusSeconds(30));
        world.pass(Duration.ofSeconds(29));
        assertThat(world.only().phase()).isEqualTo(NodePhase.RUNNING);
        world.pass(Duration.ofSeconds(1));

        assertThat(world.only().phase()).isEqualTo(NodePhase.PREEMPTED);
        assertThat(world.plan()).singleElement().isInstanceOf(Action.StopJob.class);
    }

    @Test
    void anEvictionAtATimeGivesItsNoticeThen() {
        world.tell(new Command.EvictNode(
                world.only().id(), Optional.of(world.now.plusSeconds(60)), Duration.ofSeconds(30), true));
        world.pass(Duration.ofSeconds(89));
        assertThat(world.only().phase()).isEqualTo(NodePhase.RUNNING);
        world.pass(Duration.ofSeconds(1));
        assertThat(world.only().phase()).isEqualTo(NodePhase.PREEMPTED);
    }

    @Test
    void aJobThatEndsInsideTheGracePeriodEndsAsItEnded() {
        world.events.clear();
        evict(Duration.ZERO, true);
        assertThat(world.only().phase()).isEqualTo(NodePhase.PREEMPTED);
        world.exit("a", 0);
        assertThat(world.job("a").endedByStop()).isFalse();
        world.obey();

        assertThat(world.ended("a")).isTrue();
        assertThat(world.events)
                .extracting(Event::type)
                .contains("job.preempted", "job.completed")
                .doesNotContain("job.queued");
        assertThat(world.nodes()).as("the node is gone all the same").isEmpty();
    }

    @Test
    void aJobThatFailsByItselfInsideTheGracePeriodHasFailed() {
        evict(Duration.ZERO, true);
        world.exit("a", 3);
        assertThat(world.only().phase()).as("what it left is kept first").isEqualTo(NodePhase.PREEMPTED);
        world.obey();

        assertThat(world.events).extracting(Event::type).contains("job.failed");
    }

    @Test
    void theSettingMakesTheEvictionTheJobsEndWithTheServicesError() {
        evict(Duration.ZERO, false);
        world.exit("a", 143);
        world.obey();

        assertThat(world.ended("a")).isTrue();
        assertThat(world.events)
                .filteredOn(event -> event.type().equals("job.failed"))
                .singleElement()
                .satisfies(event ->
                        assertThat(event.message()).contains("PreemptionError: Nodes of this job got pre-empted."));
    }

    @Test
    void aUserWhoCancelsMeanwhileGetsACanceledJob() {
        evict(Duration.ZERO, true);
        world.tell(new Command.CancelJob(JOB));
        world.exit("a", 143);
        assertThat(world.job("a").endedByStop()).isTrue();
        world.obey();

        assertThat(world.ended("a")).isTrue();
        assertThat(world.events).extracting(Event::type).contains("job.canceled");
        assertThat(world.nodes()).isEmpty();
    }

    @Test
    void aNodeThatIsLostDuringTheGracePeriodCountsAsEvicted() {
        evict(Duration.ZERO, true);
        Node node = world.only();
        world.tell(new Command.NodeLost(node.id(), node.generation(), "gone"));
        world.obey();

        assertThat(world.job("a").attempt()).isEqualTo(2);
        assertThat(world.job("a").phase()).isEqualTo(JobPhase.RUNNING);
    }

    @Test
    void anIdleNodeIsTakenAwayToo() {
        world.exit("a", 0);
        world.obey();
        Node told = world.tell(new Command.EvictNode(world.only().id(), Optional.empty(), Duration.ZERO, true));
        assertThat(told.phase()).isEqualTo(NodePhase.PREEMPTED);
        assertThat(world.only().phase()).as("nothing on it has a grace period").isEqualTo(NodePhase.LEAVING);
        assertThat(world.state.target(Scenario.CLUSTER).orElseThrow().resizing())
                .isTrue();
        world.obey();

        assertThat(world.nodes()).isEmpty();
    }

    @Test
    void aSeededRuleEvictsTheSameAttemptsAtTheSameTimes() {
        Fault.Effect rule =
                new Fault.Evictions(new Fault.MeanTime(Duration.ofMinutes(10)), 7, Duration.ofSeconds(30), true);
        world.tell(new Command.AddFault(new FaultId("f"), Optional.empty(), Optional.of(1), rule));
        Duration first = Duration.between(world.now, world.wake.orElseThrow());
        Scenario other = new Scenario();
        other.cluster(0, 2, VmPriority.LOW_PRIORITY);
        other.tell(new Command.AddFault(new FaultId("f"), Optional.empty(), Optional.of(1), rule));
        other.submit("a");
        other.obey();

        assertThat(Duration.between(other.now, other.wake.orElseThrow())).isEqualTo(first);
        world.pass(first);
        assertThat(world.only().eviction()).isPresent();
        assertThat(world.state.faults()).as("it was to strike once").allMatch(Fault::spent);
        world.pass(Duration.ofSeconds(30));
        assertThat(world.state.faults())
                .as("nothing of it can be undone any more")
                .isEmpty();
        assertThat(world.only().phase()).isEqualTo(NodePhase.PREEMPTED);
        world.exit("a", 143);
        world.obey();
        assertThat(world.job("a").attempt()).isEqualTo(2);
    }

    @Test
    void aSeedEvictsTheSameJobsOfARepeatedProgramWhateverTheirNamesAre() {
        List<Boolean> fates = fates("first-", 3);

        assertThat(fates).contains(true, false);
        assertThat(fates("second-", 3)).isEqualTo(fates);
        assertThat(fates("third-", 0))
                .as("also where the rule was there before all jobs")
                .isEqualTo(fates);
    }

    /** Which of twenty jobs are evicted, in their order; so many of them are there before the rule. */
    private static List<Boolean> fates(String names, int before) {
        Scenario many = new Scenario();
        many.cluster(0, 20, VmPriority.LOW_PRIORITY);
        for (int i = 0; i < 20; i++) {
            if (i == before) {
                many.tell(new Command.AddFault(
                        new FaultId(names),
                        Optional.empty(),
                        Optional.empty(),
                        new Fault.Evictions(new Fault.Fraction(0.5, Duration.ofMinutes(1)), 3, Duration.ZERO, false)));
            }
            many.submit(names + i);
        }
        many.obey();
        many.pass(Duration.ofMinutes(1));
        return IntStream.range(0, 20)
                .mapToObj(i -> many.job(names + i).stop().isPresent())
                .toList();
    }

    @Test
    void aRuleThatComesLateGivesItsNoticeAllTheSame() {
        world.pass(Duration.ofHours(2));
        world.tell(new Command.AddFault(
                new FaultId("f"),
                Optional.empty(),
                Optional.empty(),
                new Fault.Evictions(new Fault.Fraction(1, Duration.ofMinutes(1)), 7, Duration.ofSeconds(30), true)));
        assertThat(world.only().eviction())
                .as("its time is counted from the fault's")
                .isEmpty();
        world.pass(Duration.ofMinutes(5));

        assertThat(world.only().eviction()).get().extracting(Eviction::due).isEqualTo(world.now.plusSeconds(30));
        assertThat(world.only().phase()).isEqualTo(NodePhase.RUNNING);
    }

    @Test
    void aShareOfAttemptsIsEvictedAtAFixedTime() {
        Scenario many = new Scenario();
        many.cluster(0, 100, VmPriority.LOW_PRIORITY);
        many.tell(new Command.AddFault(
                new FaultId("f"),
                Optional.of(Scenario.CLUSTER),
                Optional.empty(),
                new Fault.Evictions(new Fault.Fraction(0.3, Duration.ofMinutes(1)), 1, Duration.ZERO, true)));
        for (int i = 0; i < 100; i++) {
            many.submit("job-" + i);
        }
        many.obey();
        many.pass(Duration.ofMinutes(1));

        assertThat(many.nodes())
                .filteredOn(node -> node.phase() == NodePhase.PREEMPTED)
                .hasSizeBetween(20, 40);
    }

    @Test
    void anEvictionThatIsOnlyAnnouncedIsTakenBackWithItsFault() {
        world.tell(new Command.AddFault(
                new FaultId("f"),
                Optional.empty(),
                Optional.empty(),
                new Fault.Evictions(new Fault.Fraction(1, Duration.ZERO), 7, Duration.ofMinutes(5), true)));
        assertThat(world.only().eviction()).isPresent();
        world.tell(new Command.RemoveFault(new FaultId("f")));
        assertThat(world.only().eviction()).isEmpty();
        world.pass(Duration.ofMinutes(5));

        assertThat(world.only().phase()).isEqualTo(NodePhase.RUNNING);
        assertThat(world.events).extracting(Event::type).contains("node.spared");
    }

    @Test
    void aFaultsLastEvictionIsTakenBackWithItUntilItsNoticeHasPassed() {
        Command.AddFault once = new Command.AddFault(
                new FaultId("f"),
                Optional.empty(),
                Optional.of(1),
                new Fault.Evictions(new Fault.Fraction(1, Duration.ZERO), 7, Duration.ofMinutes(5), true));
        world.tell(once);
        assertThat(world.only().eviction()).isPresent();
        assertThat(world.state.fault(once.id()).orElseThrow().spent()).isTrue();
        world.tell(new Command.RemoveFault(once.id()));
        assertThat(world.only().eviction()).isEmpty();

        world.tell(once);
        world.pass(Duration.ofMinutes(5));
        assertThat(world.events).extracting(Event::type).contains("node.preempted");
        assertThat(world.state.faults()).isEmpty();
    }

    @Test
    void anEvictionThatSomebodyWantedIsNoFaults() {
        world.tell(new Command.AddFault(
                new FaultId("f"),
                Optional.empty(),
                Optional.empty(),
                new Fault.Evictions(new Fault.Fraction(1, Duration.ofHours(1)), 7, Duration.ZERO, true)));
        evict(Duration.ofMinutes(5), true);
        world.tell(new Command.ClearFaults());
        world.pass(Duration.ofMinutes(5));

        assertThat(world.only().phase()).isEqualTo(NodePhase.PREEMPTED);
    }

    @Test
    void aRuleForADedicatedClusterIsRefused() {
        Scenario dedicated = new Scenario();
        dedicated.cluster(0, 2, VmPriority.DEDICATED);

        assertThatThrownBy(() -> dedicated.tell(new Command.AddFault(
                        new FaultId("f"),
                        Optional.of(Scenario.CLUSTER),
                        Optional.empty(),
                        new Fault.Evictions(new Fault.Fraction(1, Duration.ZERO), 7, Duration.ZERO, true))))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("NodeNotEvictable"));
    }

    @Test
    void theNextReadyNodeBecomesUnusableAndIsRepairedWithTheFault() {
        world.tell(new Command.AddFault(
                new FaultId("f"),
                Optional.of(Scenario.CLUSTER),
                Optional.of(1),
                new Fault.NodeUnusable("the disk does not answer")));
        world.submit("b");
        world.obey();
        Node broken = world.nodes().getLast();
        assertThat(broken.phase()).isEqualTo(NodePhase.UNUSABLE);
        assertThat(world.job("b").phase()).isEqualTo(JobPhase.QUEUED);
        assertThat(world.events).extracting(Event::message).contains("the disk does not answer");
        assertThat(world.state.fault(new FaultId("f")).orElseThrow().timesLeft())
                .as("it strikes no more, and stays to be undone")
                .contains(0);

        world.tell(new Command.RemoveFault(new FaultId("f")));
        world.obey();
        assertThat(world.job("b").phase()).isEqualTo(JobPhase.RUNNING);
        assertThat(world.nodes()).extracting(Node::id).doesNotContain(broken.id());
    }

    @Test
    void aFaultThatStrikesNoMoreGoesWithTheLastNodeThatItMadeUnusable() {
        world.tell(new Command.AddFault(
                new FaultId("f"), Optional.empty(), Optional.of(1), new Fault.NodeUnusable("it broke")));
        world.submit("b");
        world.obey();
        assertThat(world.state.faults()).hasSize(1);
        world.tell(new Command.RepairNode(world.nodes().getLast().id()));
        world.obey();

        assertThat(world.state.faults()).isEmpty();
        assertThat(world.job("b").phase()).isEqualTo(JobPhase.RUNNING);
    }

    @Test
    void anUnusableNodeKeepsItsPlaceUntilItIsRepaired() {
        NodeId broken = world.only().id();
        world.tell(new Command.BreakNode(broken, "the disk does not answer"));
        world.obey();

        assertThat(world.job("a").attempt()).isEqualTo(2);
        assertThat(world.job("a").nodes()).doesNotContain(broken);
        assertThat(world.nodes()).hasSize(2);
        world.submit("b");
        world.obey();
        assertThat(world.job("b").phase()).isEqualTo(JobPhase.QUEUED);
        assertThat(Explainer.explain(world.state, world.job("b"), world.now))
                .isEqualTo("It is next; the cluster is at its maximum of 2 nodes, 1 of them busy, 1 unusable.");

        world.tell(new Command.RepairNode(broken));
        world.obey();
        assertThat(world.job("b").phase()).isEqualTo(JobPhase.RUNNING);
        assertThatThrownBy(() -> world.tell(new Command.RepairNode(broken))).isInstanceOf(Refusal.class);
    }

    @Test
    void aJobOnTwoNodesGivesBothAwayWhenOneOfThemIsEvicted() {
        world.exit("a", 0);
        world.obey();
        world.submit(Scenario.CLUSTER, "b", 2, 0);
        world.obey();
        NodeId evicted = world.job("b").nodes().getFirst();
        NodeId other = world.job("b").nodes().getLast();
        world.tell(new Command.EvictNode(evicted, Optional.empty(), Duration.ZERO, true));
        world.obey();

        assertThat(world.job("b").attempt()).isEqualTo(2);
        assertThat(world.job("b").phase()).isEqualTo(JobPhase.RUNNING);
        assertThat(world.job("b").nodes()).doesNotContain(evicted, other);
    }
}
