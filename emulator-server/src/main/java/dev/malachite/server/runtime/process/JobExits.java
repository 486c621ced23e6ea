package dev.malachite.server.runtime.process;

import dev.malachite.engine.NodeId;
import dev.malachite.server.runtime.JobFile;
import dev.malachite.server.runtime.LogLimit;
import dev.malachite.server.runtime.RuntimeObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/** Tells the observer, once, how each followed job has ended. */
final class JobExits {

    private final RuntimeObserver observer;
    private final LogLimit limit;
    private final Map<NodeId, Integer> followed = new ConcurrentHashMap<>();

    JobExits(RuntimeObserver observer, LogLimit limit) {
        this.observer = observer;
        this.limit = limit;
    }

    /** The job writes its logs by itself; while it is followed, they are looked at each second. */
    void follow(NodeFolder folder, List<Path> logs) throws IOException {
        Integer before = followed.put(folder.node(), folder.generation());
        if (before != null && before == folder.generation()) {
            return;
        }
        Optional<ProcessHandle> keeper = folder.keeper();
        // Whoever asked may hold the lock that the observer needs, so nothing is told from its thread.
        Thread.ofVirtual().name("exit of " + folder.node()).start(() -> {
            try {
                boolean ended = keeper.isEmpty();
                while (!ended && followed.containsKey(folder.node())) {
                    ended = Keeper.awaitEnd(folder, keeper.get(), Duration.ofSeconds(1));
                    for (Path log : logs) {
                        limit.cut(log);
                    }
                }
                tell(folder);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                lost(folder, "what became of the job cannot be read: " + e.getMessage());
            }
        });
    }

    void forget(NodeFolder folder) {
        followed.remove(folder.node(), folder.generation());
    }

    void close() {
        followed.clear();
    }

    private void tell(NodeFolder folder) throws IOException {
        if (!followed.remove(folder.node(), folder.generation())) {
            return;
        }
        OptionalInt code = folder.exitCode();
        if (code.isEmpty()) {
            lost(folder, "the job's process is gone and left no exit code");
        } else if (code.getAsInt() == JobFile.NOT_BEGUN && !folder.started()) {
            lost(folder, "the job could not begin");
        } else {
            observer.jobExited(folder.node(), folder.generation(), code.getAsInt(), "");
        }
    }

    private void lost(NodeFolder folder, String reason) {
        observer.nodeLost(folder.node(), folder.generation(), reason);
    }
}
