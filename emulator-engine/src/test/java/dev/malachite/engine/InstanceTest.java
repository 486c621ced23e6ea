package dev.malachite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The life of a compute instance. States and messages: service-facts.md, and azureml-core's own checks. */
class InstanceTest {

    private static final Duration IDLE = Duration.ofMinutes(30);

    private final Scenario world = new Scenario();

    @Test
    void itIsCreatedAndRuns() {
        OperationId created = put(false, false, Optional.empty());
        assertThat(state()).isEqualTo(InstanceState.CREATING);
        assertThat(operation(created).done()).isFalse();
        world.obey();
        assertThat(state()).isEqualTo(InstanceState.RUNNING);
        assertThat(operation(created).done()).isTrue();
        assertThat(instance().lastOperation().wireStatus()).isEqualTo("Succeeded");
    }

    @Test
    void theCreationScriptRunsOnceAndTheStartupScriptAtEachStart() {
        put(true, true, Optional.empty());
        started();
        assertThat(world.plan())
                .containsExactly(new Action.RunSetup(
                        Scenario.CLUSTER, RuntimeKind.SIMULATED, instance().order(), true));
        world.obey();
        power(Power.STOP);
        world.obey();
        power(Power.START);
        started();
        assertThat(state()).isEqualTo(InstanceState.SETTING_UP);
        assertThat(world.plan())
                .containsExactly(new Action.RunSetup(
                        Scenario.CLUSTER, RuntimeKind.SIMULATED, instance().order(), false));
    }

    @Test
    void aScriptThatFailsIsSetupFailedWithItsMessage() {
        OperationId created = put(true, false, Optional.empty());
        started();
        world.tell(new Command.ScriptEnded(Scenario.CLUSTER, instance().order(), Optional.of("exit code 3")));
        assertThat(state()).isEqualTo(InstanceState.SETUP_FAILED);
        assertThat(target().errors()).extracting(TargetError::message).containsExactly("exit code 3");
        assertThat(operation(created).failure()).map(TargetError::message).contains("exit code 3");
        power(Power.RESTART);
        world.obey();
        assertThat(state()).isEqualTo(InstanceState.RUNNING);
        assertThat(target().errors()).isEmpty();
    }

    @Test
    void aMadeMachineRunsOneJobAtATimeOverSsh() {
        world.tell(new Command.PutTarget(
                Scenario.CLUSTER,
                Scenario.CLUSTER.name(),
                new ComputeKind.MadeMachine(Scenario.SIZE, "me"),
                Scenario.SCOPE,
                "{}",
                RuntimeKind.DOCKER,
                new OperationId("make"),
                Optional.empty()));
        world.submit("a");
        world.submit("b");
        assertThat(world.plan())
                .contains(new Action.StartMachine(
                        Scenario.CLUSTER, RuntimeKind.DOCKER, instance().order()));
        assertThat(world.nodes()).isEmpty();
        started();
        world.obey();
        assertThat(operation(new OperationId("make")).done()).isTrue();
        assertThat(world.nodes()).extracting(Node::runtime).containsExactly(RuntimeKind.SSH);
        assertThat(Explainer.explain(world.state, world.job("b"), world.now)).contains("one job at a time");
        assertThat(world.state.used(new QuotaKey(Scenario.SCOPE, QuotaKey.TOTAL)))
                .isEqualTo(Scenario.SIZE.vCpus());
        assertThat(world.state.instanceNamed(Scenario.CLUSTER.name(), Scenario.SCOPE.location()))
                .isEmpty();
        world.tell(new Command.DeleteTarget(Scenario.CLUSTER, new OperationId("away")));
        world.obey();
        assertThat(world.state.targets()).isEmpty();
        assertThat(world.state.instances()).isEmpty();
    }

    @Test
    void itKeepsItsCoresWhenItIsStopped() {
        put(false, false, Optional.empty());
        QuotaKey total = new QuotaKey(Scenario.SCOPE, QuotaKey.TOTAL);
        world.obey();
        power(Power.STOP);
        world.obey();
        assertThat(world.state.used(total)).isEqualTo(2);
        world.tell(new Command.DeleteTarget(Scenario.CLUSTER, new OperationId("away")));
        world.obey();
        assertThat(world.state.used(total)).isZero();
        assertThat(world.state.targets()).isEmpty();
        assertThat(world.state.instances()).isEmpty();
    }

    @Test
    void itIsRefusedWhereItsCoresAreTaken() {
        world.cluster(new TargetId(Scenario.WORKSPACE, "other"), Scenario.SIZE, 1, 1, VmPriority.DEDICATED);
        world.tell(new Command.SetLimit(new QuotaKey(Scenario.SCOPE, QuotaKey.TOTAL), Optional.of(3L)));
        assertThatThrownBy(() -> put(false, false, Optional.empty()))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("Maximum allowed: 3, Current in use: 2, Additional requested: 2");
    }

    @Test
    void itsNameIsTakenInTheWholeRegion() {
        put(false, false, Optional.empty());
        TargetId elsewhere = new TargetId(new WorkspaceId("33333333-3333-3333-3333-333333333333"), "CPU");
        QuotaScope sameRegion = new QuotaScope("44444444-4444-4444-4444-444444444444", "EastUS");
        assertThatThrownBy(() -> world.tell(put(elsewhere, sameRegion, new OperationId("second"))))
                .hasMessageContaining("Reason: AlreadyExists");
        world.tell(put(elsewhere, new QuotaScope(sameRegion.subscription(), "westus"), new OperationId("third")));
    }

    @Test
    void jobsRunBesideItUpToItsSlotsAndWaitWhileItIsStopped() {
        put(false, false, Optional.empty());
        world.submit("a");
        world.submit("b");
        world.submit("c");
        world.obey();
        assertThat(world.state.waitingCount(Scenario.CLUSTER)).isEqualTo(1);
        power(Power.STOP);
        world.obey();
        assertThat(state()).isEqualTo(InstanceState.STOPPED);
        assertThat(world.ended("a")).isTrue();
        assertThat(world.nodes()).isEmpty();
        assertThat(Explainer.explain(world.state, world.job("c"), world.now))
                .isEqualTo("The instance is stopped; start it.");
        power(Power.START);
        world.obey();
        assertThat(world.job("c").phase()).isEqualTo(JobPhase.RUNNING);
        assertThat(world.state.used(new QuotaKey(Scenario.SCOPE, QuotaKey.TOTAL)))
                .isEqualTo(2);
    }

    @Test
    void aJobOverSeveralNodesIsRefused() {
        put(false, false, Optional.empty());
        assertThatThrownBy(() -> world.submit(Scenario.CLUSTER, "a", 2, 0))
                .hasMessageContaining("is a compute instance");
    }

    @Test
    void whoIsOnTheWaySaysSoAndWhoCannotSaysWhy() {
        put(false, false, Optional.empty());
        assertThatThrownBy(() -> power(Power.STOP))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.kind()).isEqualTo(Refusal.Kind.CONFLICT))
                .hasMessageContaining("There is already an active operation submitted");
        world.obey();
        assertThatThrownBy(() -> power(Power.START))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.kind()).isEqualTo(Refusal.Kind.INVALID));
    }

    @Test
    void itGoesToSleepWhenNobodyNeedsIt() {
        put(false, false, Optional.of(IDLE));
        world.obey();
        world.submit("a");
        world.obey();
        world.pass(Duration.ofHours(1));
        world.obey();
        assertThat(state()).isEqualTo(InstanceState.RUNNING);
        world.exit("a", 0);
        world.obey();
        assertThat(world.wake).contains(world.now.plus(Duration.ofMinutes(2))); // its job's container first
        world.pass(IDLE);
        world.obey();
        assertThat(state()).isEqualTo(InstanceState.STOPPED);
        assertThat(instance().lastOperation().trigger()).isEqualTo(LastOperation.Trigger.IDLE_SHUTDOWN);
    }

    @Test
    void somebodyAtWorkInItKeepsItAwake() {
        put(false, false, Optional.of(IDLE));
        world.obey();
        world.pass(IDLE);
        assertThat(instance().step()).isEqualTo(Instance.Step.ASK);
        Instant seen = world.now.minusSeconds(60);
        world.tell(new Command.MachineActive(Scenario.CLUSTER, instance().order(), Optional.of(seen)));
        assertThat(state()).isEqualTo(InstanceState.RUNNING);
        assertThat(world.wake).contains(seen.plus(IDLE));
    }

    @Test
    void aScheduleIsFollowedOnce() {
        put(false, false, Optional.empty());
        world.obey();
        world.pass(Duration.ofHours(1));
        world.tell(new Command.FollowSchedule(Scenario.CLUSTER, Power.STOP, world.now));
        assertThat(instance().lastOperation().trigger()).isEqualTo(LastOperation.Trigger.SCHEDULE);
        world.obey();
        power(Power.START);
        world.obey();
        world.tell(new Command.FollowSchedule(Scenario.CLUSTER, Power.STOP, world.now));
        assertThat(state()).isEqualTo(InstanceState.RUNNING);
    }

    @Test
    void aRunningOneIsStartedAnewWithItsNewSize() {
        put(false, false, Optional.empty());
        world.obey();
        VmSize bigger = new VmSize("Standard_D4_v2", "standardDv2Family", 4, 0, 14336);
        world.tell(new Command.ResizeInstance(Scenario.CLUSTER, bigger, "{}", new OperationId("resize")));
        assertThat(state()).isEqualTo(InstanceState.RESIZING);
        world.obey();
        assertThat(state()).isEqualTo(InstanceState.RUNNING);
        assertThat(target().size()).isEqualTo(bigger);
        assertThat(world.state.used(new QuotaKey(Scenario.SCOPE, bigger.family())))
                .isEqualTo(4);
        assertThatThrownBy(() -> put(false, false, Optional.empty())).hasMessageContaining("vmSize");
    }

    @Test
    void aMachineThatCannotBeHadFailsItsCreation() {
        OperationId created = put(false, false, Optional.empty());
        world.tell(new Command.MachineFailed(Scenario.CLUSTER, instance().order(), "no image"));
        assertThat(state()).isEqualTo(InstanceState.CREATE_FAILED);
        assertThat(instance().lastOperation().wireStatus()).isEqualTo("CreateFailed");
        assertThat(operation(created).failure()).isPresent();
    }

    @Test
    void aMachineThatIsLostIsUnusableAndOneThatWasDownIsStartedAgain() {
        put(false, false, Optional.empty());
        world.obey();
        world.tell(new Command.MachineDown(Scenario.CLUSTER, instance().order()));
        assertThat(state()).isEqualTo(InstanceState.STARTING);
        world.obey();
        world.tell(new Command.MachineLost(Scenario.CLUSTER, instance().order(), "It is gone."));
        assertThat(state()).isEqualTo(InstanceState.UNUSABLE);
        power(Power.RESTART);
        world.obey();
        assertThat(state()).isEqualTo(InstanceState.RUNNING);
    }

    @Test
    void whatIsSeenOfAnEarlierOrderSaysNothing() {
        put(false, false, Optional.empty());
        world.obey();
        power(Power.RESTART);
        int order = instance().order();
        world.tell(new Command.MachineStopped(Scenario.CLUSTER, order - 1));
        world.tell(new Command.MachineStarted(Scenario.CLUSTER, order, MachineAccess.NONE));
        assertThat(instance().order()).isEqualTo(order);
        assertThat(state()).isEqualTo(InstanceState.RESTARTING);
    }

    @Test
    void whatIsSeenOfAnEarlierOneOfItsNameSaysNothing() {
        put(false, false, Optional.empty());
        int first = instance().order();
        world.obey();
        power(Power.STOP);
        world.obey();
        int last = instance().order();
        world.tell(new Command.DeleteTarget(Scenario.CLUSTER, new OperationId("away")));
        world.obey();
        put(false, false, Optional.empty());
        world.tell(new Command.MachineStarted(Scenario.CLUSTER, first, MachineAccess.NONE));
        world.tell(new Command.MachineFailed(Scenario.CLUSTER, last, "no image"));
        assertThat(instance().order()).isGreaterThan(last);
        assertThat(state()).isEqualTo(InstanceState.CREATING);
        world.obey();
        world.tell(new Command.DeleteTarget(Scenario.CLUSTER, new OperationId("again")));
        world.tell(new Command.MachineRemoved(Scenario.CLUSTER, last));
        world.tell(new Command.TargetClosed(Scenario.CLUSTER));
        assertThat(state()).isEqualTo(InstanceState.DELETING);
        assertThat(target().deleting()).isTrue();
    }

    private OperationId put(boolean creation, boolean startup, Optional<Duration> idle) {
        OperationId operation = new OperationId("put-" + world.state.sequence());
        world.tell(put(Scenario.CLUSTER, Scenario.SCOPE, operation, creation, startup, idle));
        return operation;
    }

    private static Command.PutTarget put(TargetId id, QuotaScope scope, OperationId operation) {
        return put(id, scope, operation, false, false, Optional.empty());
    }

    private static Command.PutTarget put(
            TargetId id,
            QuotaScope scope,
            OperationId operation,
            boolean creation,
            boolean startup,
            Optional<Duration> idle) {
        return new Command.PutTarget(
                id,
                id.name(),
                new ComputeKind.ComputeInstance(Scenario.SIZE, 2, idle, creation, startup),
                scope,
                "{}",
                RuntimeKind.SIMULATED,
                operation,
                Optional.empty());
    }

    private void power(Power power) {
        world.tell(new Command.PowerInstance(
                Scenario.CLUSTER, power, new OperationId(power + "-" + world.state.sequence())));
    }

    private void started() {
        world.tell(new Command.MachineStarted(Scenario.CLUSTER, instance().order(), MachineAccess.NONE));
    }

    private Instance instance() {
        return world.state.instance(Scenario.CLUSTER).orElseThrow();
    }

    private InstanceState state() {
        return instance().state();
    }

    private Target target() {
        return world.state.target(Scenario.CLUSTER).orElseThrow();
    }

    private Operation operation(OperationId id) {
        return world.state.operation(id).orElseThrow();
    }
}
