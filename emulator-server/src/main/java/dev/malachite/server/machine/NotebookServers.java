package dev.malachite.server.machine;

import dev.malachite.engine.TargetId;
import dev.malachite.server.machine.Machines.Machine;
import dev.malachite.server.runtime.InstanceRuntime.Notebooks;
import dev.malachite.server.runtime.Runtimes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a machine's runtime for its Jupyter server: once at a time for each, however many requests wait for it. */
final class NotebookServers {

    private final Runtimes runtimes;
    private final Map<TargetId, CompletableFuture<Optional<Notebooks>>> asked = new ConcurrentHashMap<>();

    NotebookServers(Runtimes runtimes) {
        this.runtimes = runtimes;
    }

    /**
     * Where it is, or, in the inner one, that the machine does not run; empty while it still starts.
     *
     * @throws IOException when it cannot be had
     */
    Optional<Optional<Notebooks>> of(Machine machine, Duration patience) throws IOException {
        CompletableFuture<Optional<Notebooks>> answer = asked.computeIfAbsent(machine.id(), id -> {
            CompletableFuture<Optional<Notebooks>> begun = new CompletableFuture<>();
            Thread.ofVirtual().name("notebooks").start(() -> ask(machine, begun));
            return begun;
        });
        try {
            return Optional.of(answer.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() instanceof UncheckedIOException wrapped ? wrapped.getCause() : e.getCause();
            throw new IOException(cause == null ? "" : cause.getMessage(), cause);
        }
    }

    private void ask(Machine machine, CompletableFuture<Optional<Notebooks>> answer) {
        try {
            Optional<Notebooks> found =
                    runtimes.of(machine.runtime()).instances().orElseThrow().notebooks(machine.id());
            asked.remove(machine.id());
            answer.complete(found);
        } catch (IOException | RuntimeException e) {
            asked.remove(machine.id());
            answer.completeExceptionally(e);
        }
    }
}
