package dev.malachite.server.loop;

import dev.malachite.engine.Action;
import dev.malachite.engine.Command;
import dev.malachite.engine.MachineAccess;
import dev.malachite.engine.Target;
import dev.malachite.server.runtime.InstanceRuntime;
import dev.malachite.server.runtime.InstanceRuntime.SetupScript;
import dev.malachite.server.runtime.LastLines;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.runtime.RuntimeAway;
import dev.malachite.server.runtime.Runtimes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Carries out what is wanted of the machines of compute instances, and tells the loop what came of it. */
@Component
class MachineHands {

    /** Between SIGTERM and SIGKILL. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    /** As {@code timeout} has it, which the runtimes follow. */
    private static final int TIMED_OUT = 124;

    private static final Logger LOG = LoggerFactory.getLogger(MachineHands.class);

    private final ControlLoop loop;
    private final Runtimes runtimes;
    private final InstancePayloads payloads;
    private final Gateways gateways;
    private final RuntimeFaults faults;
    private final EmulatorClock clock;

    MachineHands(
            ControlLoop loop,
            Runtimes runtimes,
            InstancePayloads payloads,
            Gateways gateways,
            RuntimeFaults faults,
            EmulatorClock clock) {
        this.loop = loop;
        this.runtimes = runtimes;
        this.payloads = payloads;
        this.gateways = gateways;
        this.faults = faults;
        this.clock = clock;
    }

    /** False asks for another try. */
    boolean carryOut(Action.OnMachine action, Runnable done) {
        Target target = loop.state().target(action.target()).orElse(null);
        if (target == null) {
            return true;
        }
        try {
            faults.requireThere(action.runtime());
            NodeRuntime runtime = runtimes.of(action.runtime());
            InstanceRuntime machines = runtime.instances().orElseThrow();
            switch (action) {
                case Action.StartMachine start -> start(start, target, runtime, machines);
                case Action.RunSetup setup -> setUp(setup, target, machines);
                case Action.StopMachine stop -> {
                    machines.stop(stop.target(), GRACE);
                    observe(new Command.MachineStopped(stop.target(), stop.order()));
                }
                case Action.RemoveMachine remove -> {
                    machines.remove(remove.target());
                    payloads.forget(remove.target());
                    done.run();
                    observe(new Command.MachineRemoved(remove.target(), remove.order()));
                }
                case Action.AskMachine ask ->
                    observe(new Command.MachineActive(
                            ask.target(),
                            ask.order(),
                            machines.lastActivity(ask.target()).flatMap(clock::shown)));
            }
            return true;
        } catch (RuntimeAway e) {
            LOG.warn("the runtime is away: {}", e.getMessage());
            return false;
        } catch (IOException e) {
            return failed(action, e);
        }
    }

    private void start(Action.StartMachine start, Target target, NodeRuntime runtime, InstanceRuntime machines)
            throws IOException {
        gateways.ensure(runtime);
        MachineAccess access = machines.start(payloads.spec(target, runtime));
        observe(new Command.MachineStarted(start.target(), start.order(), access));
    }

    private void setUp(Action.RunSetup setup, Target target, InstanceRuntime runtime) throws IOException {
        SetupScript script;
        try {
            script = payloads.script(target, setup.creation());
        } catch (IOException e) {
            observe(new Command.ScriptEnded(setup.target(), setup.order(), Optional.of(message(e))));
            return;
        }
        Path log = payloads.log(setup.target());
        int code = runtime.runScript(setup.target(), setup.order(), script, log);
        observe(new Command.ScriptEnded(
                setup.target(), setup.order(), code == 0 ? Optional.empty() : Optional.of(failure(script, code, log))));
    }

    private static String failure(SetupScript script, int code, Path log) throws IOException {
        String how = code == TIMED_OUT
                ? "was ended because it took longer than %d s"
                        .formatted(script.limit().toSeconds())
                : "ended with exit code %d".formatted(code);
        LastLines last = new LastLines();
        if (Files.exists(log)) {
            try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
                lines.forEach(last::add);
            }
        }
        return "The %s %s. Its last output:\n%s".formatted(script.name(), how, last.text());
    }

    /** What cannot be made is told; what is to go is tried again until it has gone. */
    private boolean failed(Action.OnMachine action, IOException e) {
        switch (action) {
            case Action.StartMachine start ->
                observe(new Command.MachineFailed(start.target(), start.order(), message(e)));
            case Action.RunSetup setup -> observe(new Command.MachineLost(setup.target(), setup.order(), message(e)));
            case Action.AskMachine ask -> observe(new Command.MachineLost(ask.target(), ask.order(), message(e)));
            case Action.StopMachine _, Action.RemoveMachine _ -> {
                LOG.warn("{} will be tried again: {}", action, message(e));
                return false;
            }
        }
        return true;
    }

    private void observe(Command.Observation seen) {
        CrashPoint.AFTER_CALL.reached();
        loop.observe(seen);
    }

    private static String message(Exception e) {
        return Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
    }
}
