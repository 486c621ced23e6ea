package dev.malachite.server.loop;

import dev.malachite.engine.Command;
import dev.malachite.engine.Instance;
import dev.malachite.engine.RuntimeKind;
import dev.malachite.engine.State;
import dev.malachite.engine.Target;
import dev.malachite.server.runtime.InstanceRuntime;
import dev.malachite.server.runtime.InstanceRuntime.Found;
import dev.malachite.server.runtime.Runtimes;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Finds the machines of instances that should run and do not: whoever stops one, or restarts the engine below them all,
 * tells nobody. Looks at the start and every minute, as nodes are looked at.
 */
@Component
class MachineWatch {

    private static final Logger LOG = LoggerFactory.getLogger(MachineWatch.class);

    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final ControlLoop loop;
    private final Runtimes runtimes;
    private final RuntimeFaults faults;
    private final Activity activity;
    private @Nullable Thread thread;

    MachineWatch(ControlLoop loop, Runtimes runtimes, RuntimeFaults faults, Activity activity) {
        this.loop = loop;
        this.runtimes = runtimes;
        this.faults = faults;
        this.activity = activity;
    }

    synchronized void begin() {
        thread = Thread.ofVirtual().name("machines").start(this::run);
    }

    synchronized void end() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void run() {
        while (true) {
            try {
                Thread.sleep(AGAIN);
            } catch (InterruptedException e) {
                return;
            }
            activity.begin();
            try {
                kinds(loop.state()).forEach(this::lookAgain);
            } finally {
                activity.end();
            }
        }
    }

    private void lookAgain(RuntimeKind kind) {
        try {
            faults.requireThere(kind);
            look(kind, runtimes.of(kind).instances().orElseThrow());
        } catch (IOException | RuntimeException e) {
            LOG.debug("what {} machines there are could not be listed: {}", kind, e.getMessage());
        }
    }

    /** Has those started again that are down, and gives all that there are. */
    List<Found> look(RuntimeKind kind, InstanceRuntime runtime) throws IOException {
        // Before the listing: one that is started meanwhile need not be in it.
        State known = loop.state();
        List<Found> found = runtime.listInstances();
        down(known, kind, found).forEach(loop::observe);
        return found;
    }

    /** The runtimes that have machines which should run. */
    private static Set<RuntimeKind> kinds(State state) {
        Set<RuntimeKind> kinds = EnumSet.noneOf(RuntimeKind.class);
        for (Instance instance : state.instances()) {
            if (instance.running()) {
                state.target(instance.id()).map(Target::runtime).ifPresent(kinds::add);
            }
        }
        return kinds;
    }

    /** What is to be told of the machines of one runtime. */
    static List<Command.MachineDown> down(State known, RuntimeKind kind, List<Found> found) {
        Set<Found> there = new HashSet<>(found);
        return known.instances().stream()
                .filter(Instance::running)
                .filter(instance -> known.target(instance.id())
                        .filter(target -> target.runtime() == kind)
                        .isPresent())
                .filter(instance -> !there.contains(new Found(instance.id(), true)))
                .map(instance -> new Command.MachineDown(instance.id(), instance.order()))
                .toList();
    }
}
