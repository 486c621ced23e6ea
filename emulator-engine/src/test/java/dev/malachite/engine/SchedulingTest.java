package dev.malachite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SchedulingTest {

    private final Scenario world = new Scenario();

    @Test
    void theHigherPriorityGoesFirstAndAmongEqualsWhoCameFirst() {
        world.cluster(0, 1, VmPriority.DEDICATED);
        world.submit("running");
        world.obey();
        world.submit(Scenario.CLUSTER, "low", 1, -5);
        world.submit(Scenario.CLUSTER, "first", 1, 0);
        world.submit(Scenario.CLUSTER, "second", 1, 0);
        world.submit(Scenario.CLUSTER, "urgent", 1, 10);

        assertThat(world.state.waiting(Scenario.CLUSTER))
                .extracting(job -> job.id().run())
                .containsExactly("urgent", "first", "second", "low");
        world.exit("running", 0);
        world.obey();
        assertThat(world.job("urgent").phase()).isEqualTo(JobPhase.RUNNING);
    }

    @Test
    void aJobOfSeveralNodesGetsAllAtOnceAndNoLaterOneOvertakesIt() {
        world.cluster(0, 4, VmPriority.DEDICATED);
        world.submit("one");
        world.submit("two");
        world.obey();
        world.submit(Scenario.CLUSTER, "four", 4, 0);
        world.submit("late");
        world.obey();

        assertThat(world.job("four").phase()).isEqualTo(JobPhase.QUEUED);
        assertThat(world.job("late").phase()).isEqualTo(JobPhase.QUEUED);
        assertThat(Explainer.explain(world.state, world.job("four"), world.now))
                .isEqualTo("It is next; it waits for 4 nodes at once, 2 of 4 are free.");
        world.exit("one", 0);
        world.obey();
        assertThat(world.job("four").phase()).isEqualTo(JobPhase.QUEUED);
        world.exit("two", 0);
        world.obey();
        assertThat(world.job("four").nodes()).hasSize(4);
    }

    @Test
    void aClusterThatIsMadeSmallerGivesNoMoreWorkToTheNodesAboveItsMaximum() {
        world.cluster(0, 3, VmPriority.DEDICATED);
        for (String name : new String[] {"a", "b", "c", "d", "e"}) {
            world.submit(name);
        }
        world.obey();
        world.cluster(0, 1, VmPriority.DEDICATED);
        assertThat(world.nodes()).as("running jobs go on").hasSize(3);
        world.exit("a", 0);
        world.exit("b", 0);
        world.obey();

        assertThat(world.nodes()).hasSize(1);
        assertThat(world.job("c").phase()).isEqualTo(JobPhase.RUNNING);
        assertThat(world.job("d").phase()).isEqualTo(JobPhase.QUEUED);
    }

    @Test
    void clustersOfOneNameInTwoWorkspacesAreApart() {
        WorkspaceId elsewhere = new WorkspaceId("33333333-3333-3333-3333-333333333333");
        TargetId other = new TargetId(elsewhere, Scenario.CLUSTER.name());
        JobId there = new JobId(elsewhere, "same");
        world.cluster(0, 1, VmPriority.DEDICATED);
        world.cluster(other, Scenario.SIZE, 0, 1, VmPriority.DEDICATED);
        world.submit("same");
        world.tell(new Command.SubmitJob(there, other, Scenario.IMAGE, 1, 0, Optional.empty(), new Scenario.Nothing()));
        world.submit("waiting");
        world.obey();
        assertThat(world.only().job()).contains(world.job("same").id());
        assertThat(world.state.nodesOf(other)).extracting(Node::job).containsExactly(Optional.of(there));
        assertThat(world.state.waitingCount(other)).isZero();

        world.tell(new Command.CancelJob(there));
        world.obey();
        assertThat(world.job("waiting").phase())
                .as("what comes free there is not for it")
                .isEqualTo(JobPhase.QUEUED);
        world.tell(new Command.RemoveWorkspace(elsewhere));
        world.obey();
        assertThat(world.state.targets()).extracting(Target::id).containsExactly(Scenario.CLUSTER);
        assertThat(world.job("same").phase()).isEqualTo(JobPhase.RUNNING);
    }

    @Test
    void aJobThatNeedsMoreThanTheClusterMayHaveNowSaysSo() {
        world.cluster(0, 4, VmPriority.DEDICATED);
        world.imageReady();
        world.submit(Scenario.CLUSTER, "big", 4, 0);
        world.imageReady();
        world.cluster(0, 2, VmPriority.DEDICATED);

        assertThat(Explainer.explain(world.state, world.job("big"), world.now))
                .isEqualTo("It needs 4 nodes at once, but the cluster's maximum is 2 now; raise it or cancel the job.");
    }

    @Test
    void idleTimeBeginsAnewWithEachJob() {
        world.cluster(0, 1, VmPriority.DEDICATED);
        world.submit("a");
        world.obey();
        world.exit("a", 0);
        world.obey();
        world.pass(Duration.ofSeconds(119));
        world.submit("b");
        world.obey();
        world.exit("b", 0);
        world.obey();
        world.pass(Duration.ofSeconds(119));
        world.obey();
        assertThat(world.nodes()).hasSize(1);
        world.pass(Duration.ofSeconds(1));
        world.obey();
        assertThat(world.nodes()).isEmpty();
    }

    @Test
    void aJobOnALowPriorityNodeLivesSevenDaysAtMost() {
        world.cluster(0, 1, VmPriority.LOW_PRIORITY);
        world.submit("a");
        world.obey();
        assertThat(world.wake).contains(world.now.plus(Duration.ofDays(7)));
        world.pass(Duration.ofDays(7));
        world.obey();

        assertThat(world.ended("a")).isTrue();
    }

    @Test
    void nodesThatComeSlowlyArePreparingAndTheJobSaysSo() {
        aNodeComesSlowly();
        assertThat(world.only().phase()).isEqualTo(NodePhase.PREPARING);
        assertThat(world.state.target(Scenario.CLUSTER).orElseThrow().resizing())
                .isTrue();
        assertThat(Explainer.explain(world.state, world.job("a"), world.now))
                .contains("holds it back for another 180 s");
        world.pass(Duration.ofMinutes(3));
        world.obey();

        assertThat(world.job("a").phase()).isEqualTo(JobPhase.RUNNING);
    }

    @Test
    void aFaultThatIsUndoneLetsGoAtOnce() {
        aNodeComesSlowly();
        world.tell(new Command.ClearFaults());
        world.obey();

        assertThat(world.job("a").phase()).isEqualTo(JobPhase.RUNNING);
    }

    @Test
    void nodesThatCannotBeHadLeaveTheClusterSucceededWithTheServicesCode() {
        world.cluster(0, 1, VmPriority.DEDICATED);
        world.tell(new Command.AddFault(
                new FaultId("none"),
                Optional.of(Scenario.CLUSTER),
                Optional.of(2),
                new Fault.AllocationFailure("AllocationFailed", "no machines are left")));
        world.submit("a");
        world.obey();

        Target target = world.state.target(Scenario.CLUSTER).orElseThrow();
        assertThat(target.provisioning()).isEqualTo(Provisioning.SUCCEEDED);
        assertThat(target.errors()).extracting(TargetError::code).containsExactly("AllocationFailed");
        assertThat(world.nodes()).isEmpty();
        world.pass(Duration.ofSeconds(2));
        assertThat(world.state.faults()).as("it was to strike twice").isEmpty();
        world.pass(Duration.ofSeconds(4));
        world.obey();
        assertThat(world.job("a").phase()).isEqualTo(JobPhase.RUNNING);
        assertThat(world.state.target(Scenario.CLUSTER).orElseThrow().errors()).isEmpty();
    }

    @Test
    void aFaultBeginsAndEndsByItself() {
        world.cluster(0, 2, VmPriority.DEDICATED);
        Fault fault = world.tell(new Command.AddFault(
                new FaultId("none"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Duration.ofMinutes(10)),
                Optional.of(Duration.ofMinutes(5)),
                new Fault.AllocationFailure("AllocationFailed", "no machines are left")));
        assertThat(fault.inForce()).isFalse();
        assertThat(fault.due()).contains(world.now.plus(Duration.ofMinutes(10)));
        world.submit("before");
        world.obey();
        assertThat(world.job("before").phase()).isEqualTo(JobPhase.RUNNING);

        world.pass(Duration.ofMinutes(10));
        world.tell(new Command.FaultDue(fault.id()));
        assertThat(world.state.fault(fault.id()).orElseThrow().due()).contains(world.now.plus(Duration.ofMinutes(5)));
        world.submit("meanwhile");
        world.obey();
        assertThat(world.job("meanwhile").phase()).isEqualTo(JobPhase.QUEUED);

        world.now = world.now.plus(Duration.ofMinutes(5));
        world.tell(new Command.FaultDue(fault.id()));
        world.obey();
        assertThat(world.state.faults()).isEmpty();
        assertThat(world.job("meanwhile").phase())
                .as("its end lets go at once, as an undo does")
                .isEqualTo(JobPhase.RUNNING);
    }

    @Test
    void aFaultWhoseTimeHasNotComeStays() {
        world.cluster(0, 1, VmPriority.DEDICATED);
        FaultId id = new FaultId("later");
        world.tell(new Command.AddFault(
                id,
                Optional.empty(),
                Optional.of(1),
                Optional.of(Duration.ofMinutes(1)),
                Optional.of(Duration.ofMinutes(1)),
                new Fault.Outside("{\"kind\":\"diskFull\"}")));
        world.tell(new Command.FaultDue(id));
        assertThat(world.state.fault(id).orElseThrow().inForce()).isFalse();
        assertThat(world.tell(new Command.StrikeFault(id)))
                .as("it strikes before it begins")
                .isFalse();

        world.now = world.now.plus(Duration.ofMinutes(2));
        world.tell(new Command.FaultDue(id));
        assertThat(world.state.faults()).as("both times have passed").isEmpty();
    }

    private void aNodeComesSlowly() {
        world.cluster(0, 1, VmPriority.DEDICATED);
        world.tell(new Command.AddFault(
                new FaultId("slow"),
                Optional.empty(),
                Optional.empty(),
                new Fault.SlowProvisioning(Duration.ofMinutes(3))));
        world.submit("a");
        world.obey();
    }
}
