package dev.malachite.server.loop;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** When which target, parent or fault must be looked at again though nothing happens: one time each. Set before the loop's thread starts and by it. */
final class WakeUps<K extends Comparable<? super K>> {

    private final TreeMap<Instant, TreeSet<K>> byTime = new TreeMap<>();
    private final Map<K, Instant> byKey = new HashMap<>();

    synchronized Optional<Instant> next() {
        return byTime.isEmpty() ? Optional.empty() : Optional.of(byTime.firstKey());
    }

    /** Sets its one time, or none. */
    synchronized void at(K key, Optional<Instant> time) {
        Instant before = byKey.remove(key);
        if (before != null) {
            TreeSet<K> same = byTime.get(before);
            if (same != null && same.remove(key) && same.isEmpty()) {
                byTime.remove(before);
            }
        }
        time.ifPresent(at -> {
            byKey.put(key, at);
            byTime.computeIfAbsent(at, any -> new TreeSet<>()).add(key);
        });
    }

    /** Takes out those whose time has come. */
    synchronized List<K> due(Instant now) {
        List<K> due = new ArrayList<>();
        while (!byTime.isEmpty() && !byTime.firstKey().isAfter(now)) {
            due.addAll(byTime.pollFirstEntry().getValue());
        }
        due.forEach(byKey::remove);
        return due;
    }
}
