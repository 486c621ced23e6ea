package dev.malachite.server.loop;

import dev.malachite.engine.Command;
import dev.malachite.engine.Node;
import dev.malachite.engine.RuntimeKind;
import dev.malachite.server.runtime.InstanceRuntime;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.runtime.NodeRuntime.Found;
import dev.malachite.server.runtime.Runtimes;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Starts the loop from the stored state and compares it with what is really there: the difference becomes observations,
 * and the ordinary plan does the rest. A restart has no path of its own.
 */
@Component
class LoopLifecycle implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(LoopLifecycle.class);

    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final ControlLoop loop;
    private final Runtimes runtimes;
    private final ActionDispatcher dispatcher;
    private final Gateways gateways;
    private final Activity activity;
    private final MachineWatch machines;
    private volatile boolean running;

    LoopLifecycle(
            ControlLoop loop,
            Runtimes runtimes,
            RuntimeHands hands,
            Gateways gateways,
            Activity activity,
            MachineWatch machines) {
        this.machines = machines;
        this.activity = activity;
        this.gateways = gateways;
        this.loop = loop;
        this.runtimes = runtimes;
        this.dispatcher = new ActionDispatcher(hands);
    }

    @Override
    public void start() {
        loop.start(dispatcher);
        running = true;
        Set<RuntimeKind> kinds = EnumSet.of(runtimes.preferred());
        loop.state().nodes().forEach(node -> kinds.add(node.runtime()));
        loop.state()
                .instances()
                .forEach(instance ->
                        loop.state().target(instance.id()).ifPresent(target -> kinds.add(target.runtime())));
        for (RuntimeKind kind : kinds) {
            activity.begin();
            Thread.ofVirtual().name("compare-" + kind).start(() -> {
                try {
                    compareUntilDone(kind);
                } finally {
                    activity.end();
                }
            });
        }
        machines.begin();
    }

    /** An engine that is away at the start is compared with when it is back. */
    private void compareUntilDone(RuntimeKind kind) {
        while (running) {
            try {
                compare(kind);
                return;
            } catch (IOException | RuntimeException e) {
                LOG.warn("what {} nodes there are could not be listed, again in {}: {}", kind, AGAIN, e.getMessage());
            }
            try {
                Thread.sleep(AGAIN);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void compare(RuntimeKind kind) throws IOException {
        NodeRuntime runtime = runtimes.of(kind);
        // Before the listing: a node that is opened meanwhile is not in it and must not be taken for lost.
        List<Node> known = List.copyOf(loop.state().nodes());
        List<Found> found = runtime.list();
        if (!found.isEmpty()) {
            gateways.ensure(runtime);
        }
        for (Found container : found) {
            if (loop.state().node(container.node()).isEmpty()) {
                remove(runtime, container);
            }
        }
        for (Node node : known) {
            // A node with a job is seen to by the job's own start, which finds it again or reports it lost.
            if (node.runtime() == kind && node.ready() && node.job().isEmpty() && !waits(found, node)) {
                loop.observe(new Command.NodeLost(node.id(), node.generation(), "It was gone after a restart."));
            }
        }
        Optional<InstanceRuntime> instances = runtime.instances();
        if (instances.isPresent()) {
            compareMachines(kind, instances.get());
        }
    }

    private void compareMachines(RuntimeKind kind, InstanceRuntime runtime) throws IOException {
        for (InstanceRuntime.Found machine : machines.look(kind, runtime)) {
            if (loop.state().instance(machine.instance()).isEmpty()) {
                LOG.info("removing the machine of {}, which an earlier emulator left", machine.instance());
                runtime.remove(machine.instance());
            }
        }
    }

    private static void remove(NodeRuntime runtime, Found container) {
        LOG.info("removing {}, which an earlier emulator left", container.node());
        try {
            runtime.closeNode(container.node());
        } catch (IOException e) {
            LOG.warn("{} could not be removed: {}", container.node(), e.getMessage());
        }
    }

    private static boolean waits(List<Found> found, Node node) {
        return found.stream()
                .anyMatch(container -> container.node().equals(node.id())
                        && container.generation() == node.generation()
                        && container.running());
    }

    /** The loop itself ends after the web server, so that requests under way are answered ({@link LoopBeginning}). */
    @Override
    public void stop() {
        running = false;
        machines.end();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
