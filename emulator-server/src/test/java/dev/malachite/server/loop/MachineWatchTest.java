package dev.malachite.server.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.engine.Command;
import dev.malachite.engine.ComputeKind;
import dev.malachite.engine.Engine;
import dev.malachite.engine.Instance;
import dev.malachite.engine.InstanceState;
import dev.malachite.engine.MachineAccess;
import dev.malachite.engine.OperationId;
import dev.malachite.engine.Power;
import dev.malachite.engine.QuotaScope;
import dev.malachite.engine.RuntimeKind;
import dev.malachite.engine.State;
import dev.malachite.engine.TargetId;
import dev.malachite.engine.VmSize;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.runtime.InstanceRuntime.Found;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which machines are found down, and what comes of it. */
class MachineWatchTest {

    private static final String SUBSCRIPTION = "22222222-2222-2222-2222-222222222222";
    private static final TargetId DESK = new TargetId(new WorkspaceId(SUBSCRIPTION), "desk");

    private final Engine engine = new Engine();
    private State state = State.empty();

    @Test
    void aMachineThatIsStoppedOrGoneIsStartedAgain() {
        putRunning();
        assertThat(down(new Found(DESK, true))).isEmpty();
        assertThat(down()).hasSize(1).isEqualTo(down(new Found(DESK, false)));
        down().forEach(this::decide);
        assertThat(instance().state()).isEqualTo(InstanceState.STARTING);
        assertThat(down()).isEmpty();
    }

    @Test
    void aMachineOfAnotherRuntimeIsNotMissed() {
        putRunning();
        assertThat(MachineWatch.down(state, RuntimeKind.DOCKER, List.of())).isEmpty();
    }

    @Test
    void whatWasListedBeforeItsOwnerStoppedItSaysNothing() {
        putRunning();
        List<Command.MachineDown> seen = down();
        decide(new Command.PowerInstance(DESK, Power.STOP, new OperationId("stop")));
        seen.forEach(this::decide);
        assertThat(instance().state()).isEqualTo(InstanceState.STOPPING);
    }

    private void putRunning() {
        decide(new Command.PutTarget(
                DESK,
                DESK.name(),
                new ComputeKind.ComputeInstance(
                        new VmSize("Standard_D2_v2", "standardDv2Family", 2, 0, 7168),
                        2,
                        Optional.empty(),
                        false,
                        false),
                new QuotaScope(SUBSCRIPTION, "eastus"),
                "{}",
                RuntimeKind.PROCESS,
                new OperationId("put"),
                Optional.empty()));
        decide(new Command.MachineStarted(DESK, instance().order(), MachineAccess.NONE));
        assertThat(instance().state()).isEqualTo(InstanceState.RUNNING);
    }

    private List<Command.MachineDown> down(Found... found) {
        return MachineWatch.down(state, RuntimeKind.PROCESS, List.of(found));
    }

    private Instance instance() {
        return state.instance(DESK).orElseThrow();
    }

    private void decide(Command<?> command) {
        state = engine.decide(state, command, Instant.parse("2026-01-01T00:00:00Z"))
                .state();
    }
}
