package dev.malachite.server.runtime.docker;

import dev.malachite.engine.NodeId;
import dev.malachite.server.runtime.RuntimeObserver;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this process knows of its nodes: which wait, and which are followed. Turns ends of containers into observations. */
final class LiveNodes implements EventWatch.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(LiveNodes.class);

    private final Containers containers;
    private final Networks networks;
    private final RuntimeObserver observer;
    private final Map<NodeId, Live> nodes = new HashMap<>();
    private final Set<NodeId> closing = new HashSet<>();

    /** Nodes whose container is about to wait. */
    private final Set<NodeId> reserved = new HashSet<>();

    LiveNodes(Containers containers, Networks networks, RuntimeObserver observer) {
        this.containers = containers;
        this.networks = networks;
        this.observer = observer;
    }

    /**
     * A node in use.
     *
     * @param trigger the attach that its waiting container listens to
     * @param watch who follows its job
     */
    record Live(int generation, String container, Optional<TriggerLine> trigger, Optional<JobWatch> watch) {}

    /** Whether the node's container may run and wait although others do; if so, {@link #opened} or {@link #gaveUp} follows. */
    synchronized boolean mayWait(NodeId node, int most) {
        long waiting = nodes.entrySet().stream()
                .filter(entry -> entry.getValue().watch().isEmpty()
                        && !entry.getKey().equals(node)
                        && !reserved.contains(entry.getKey()))
                .count();
        boolean room = reserved.contains(node) || waiting + reserved.size() < most;
        if (room) {
            reserved.add(node);
        }
        return room;
    }

    synchronized void gaveUp(NodeId node) {
        reserved.remove(node);
    }

    synchronized void opened(NodeId node, int generation, String container, TriggerLine trigger) {
        closing.remove(node);
        reserved.remove(node);
        release(nodes.put(node, new Live(generation, container, Optional.of(trigger), Optional.empty())));
    }

    /** A container that an earlier process of ours made: its end is news too. */
    synchronized void adopt(NodeId node, int generation, String container) {
        if (!closing.contains(node)) {
            nodes.putIfAbsent(node, new Live(generation, container, Optional.empty(), Optional.empty()));
        }
    }

    synchronized void watched(NodeId node, int generation, String container, JobWatch watch) {
        Live before = nodes.put(node, new Live(generation, container, Optional.empty(), Optional.of(watch)));
        if (before != null && before.generation() != generation) {
            release(before);
        }
    }

    synchronized void unwatched(NodeId node, int generation) {
        if (find(node, generation).isPresent()) {
            nodes.remove(node);
        }
    }

    synchronized Optional<Live> find(NodeId node, int generation) {
        return Optional.ofNullable(nodes.get(node)).filter(live -> live.generation() == generation);
    }

    /** From now on nothing that happens to the node is news. */
    synchronized void closing(NodeId node) {
        closing.add(node);
        release(nodes.remove(node));
    }

    synchronized void closed(NodeId node) {
        closing.remove(node);
    }

    synchronized void close() {
        nodes.values().forEach(LiveNodes::release);
        nodes.clear();
    }

    @Override
    public void died(NodeId node, int generation) {
        Optional<Live> found;
        synchronized (this) {
            found = find(node, generation);
            if (found.isEmpty() || closing.contains(node)) {
                return;
            }
            if (found.get().watch().isEmpty()) {
                release(nodes.remove(node));
            }
        }
        Live live = found.get();
        live.watch()
                .ifPresentOrElse(JobWatch::died, () -> Thread.ofVirtual().start(() -> lost(node, generation, live)));
    }

    @Override
    public void lookAtEverything() throws IOException {
        Map<NodeId, Live> known;
        synchronized (this) {
            known = Map.copyOf(nodes);
        }
        if (known.isEmpty()) {
            return;
        }
        Set<String> running = containers.all().stream()
                .filter(container -> "running".equals(container.getState()))
                .flatMap(container -> List.of(container.getNames()).stream())
                .collect(Collectors.toSet());
        known.forEach((node, live) -> {
            if (!running.contains("/" + containers.name(node, live.generation()))) {
                died(node, live.generation());
            }
        });
    }

    @Override
    public void reconnected() {
        networks.forget();
    }

    private void lost(NodeId node, int generation, Live live) {
        try {
            // A job of an earlier process that nobody has asked for yet: who starts it again learns its exit.
            if (live.trigger().isEmpty() && containers.started(live.container())) {
                return;
            }
        } catch (Engine.Missing e) {
            // Then it can tell nobody anything.
        } catch (IOException e) {
            LOG.debug("Looking at {}: {}", node, e.getMessage());
        }
        observer.nodeLost(node, generation, "its container has ended");
    }

    private static void release(@Nullable Live live) {
        if (live != null) {
            live.trigger().ifPresent(TriggerLine::close);
            live.watch().ifPresent(JobWatch::close);
        }
    }
}
