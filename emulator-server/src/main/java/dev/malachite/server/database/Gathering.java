package dev.malachite.server.database;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads for many askers at once: who asks while others are being answered is answered next, together with all who did so
 * meanwhile. Whoever is alone waits for nobody, and nothing is kept: an answer is never older than its question.
 */
public final class Gathering<K, V> {

    private final int most;
    private final Function<List<K>, Map<K, V>> read;
    private final Map<K, CompletableFuture<@Nullable V>> waiting = new LinkedHashMap<>();
    private boolean reading;

    /**
     * Nobody asks yet.
     *
     * @param most how many are read at once
     * @param read what there is of those
     */
    public Gathering(int most, Function<List<K>, Map<K, V>> read) {
        this.most = most;
        this.read = read;
    }

    public Optional<V> get(K key) {
        CompletableFuture<@Nullable V> answer;
        boolean leads;
        synchronized (waiting) {
            answer = waiting.computeIfAbsent(key, any -> new CompletableFuture<>());
            leads = !reading;
            reading = true;
        }
        if (leads) {
            readAll();
        }
        try {
            return Optional.ofNullable(answer.join());
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException why ? why : e;
        }
    }

    private void readAll() {
        for (Map<K, CompletableFuture<@Nullable V>> next = next(); !next.isEmpty(); next = next()) {
            try {
                Map<K, V> found = read.apply(List.copyOf(next.keySet()));
                next.forEach((key, answer) -> answer.complete(found.get(key)));
            } catch (RuntimeException | Error e) {
                next.values().forEach(answer -> answer.completeExceptionally(e));
            }
        }
    }

    /** Those who wait, as many as are read at once; with none, nobody reads any more. */
    private Map<K, CompletableFuture<@Nullable V>> next() {
        synchronized (waiting) {
            Map<K, CompletableFuture<@Nullable V>> next = new LinkedHashMap<>();
            for (K key : new ArrayList<>(waiting.keySet())) {
                if (next.size() == most) {
                    break;
                }
                next.put(key, waiting.get(key));
            }
            waiting.keySet().removeAll(next.keySet());
            reading = !next.isEmpty();
            return next;
        }
    }
}
