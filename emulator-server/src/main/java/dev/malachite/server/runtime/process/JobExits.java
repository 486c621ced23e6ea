package dev.malachite.server.runtime.process;

import dev.malachite.engine.NodeId;
import dev.malachite.server.runtime.JobFile;
import dev.malachite.server.runtime.RuntimeObserver;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/** Tells the observer, once, how each followed job has ended. */
final class JobExits {

    private final RuntimeObserver observer;
    private final Map<NodeId, Integer> followed = new ConcurrentHashMap<>();

    JobExits(RuntimeObserver observer) {
        this.observer = observer;
    }

    void follow(NodeFolder folder) throws IOException {
        Integer before = followed.put(folder.node(), folder.generation());
        if (before != null && before == folder.generation()) {
            return;
        }
        Optional<ProcessHandle> keeper = folder.keeper();
        // Whoever asked may hold the lock that the observer needs, so nothing is told from its thread.
        Thread.ofVirtual().name("exit of " + folder.node()).start(() -> {
            keeper.ifPresent(handle -> handle.onExit().join());
            tell(folder);
        });
    }

    void forget(NodeFolder folder) {
        followed.remove(folder.node(), folder.generation());
    }

    void close() {
        followed.clear();
    }

    private void tell(NodeFolder folder) {
        if (!followed.remove(folder.node(), folder.generation())) {
            return;
        }
        try {
            OptionalInt code = folder.exitCode();
            if (code.isEmpty()) {
                observer.nodeLost(
                        folder.node(), folder.generation(), "the job's process is gone and left no exit code");
            } else if (code.getAsInt() == JobFile.NOT_BEGUN && !folder.started()) {
                observer.nodeLost(folder.node(), folder.generation(), "the job could not begin");
            } else {
                observer.jobExited(folder.node(), folder.generation(), code.getAsInt(), "");
            }
        } catch (IOException e) {
            observer.nodeLost(
                    folder.node(), folder.generation(), "the job's exit code cannot be read: " + e.getMessage());
        }
    }
}
