package dev.malachite.server.loop;

import dev.malachite.engine.TargetId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** When which target must be looked at again though nothing happens: one time a target. Set before the loop's thread starts and by it. */
final class WakeUps {

    private final TreeMap<Instant, TreeSet<TargetId>> byTime = new TreeMap<>();
    private final Map<TargetId, Instant> byTarget = new HashMap<>();

    synchronized Optional<Instant> next() {
        return byTime.isEmpty() ? Optional.empty() : Optional.of(byTime.firstKey());
    }

    /** Sets the target's one time, or none. */
    synchronized void at(TargetId target, Optional<Instant> time) {
        Instant before = byTarget.remove(target);
        if (before != null) {
            TreeSet<TargetId> same = byTime.get(before);
            if (same != null && same.remove(target) && same.isEmpty()) {
                byTime.remove(before);
            }
        }
        time.ifPresent(at -> {
            byTarget.put(target, at);
            byTime.computeIfAbsent(at, any -> new TreeSet<>()).add(target);
        });
    }

    /** Takes out the targets whose time has come. */
    synchronized List<TargetId> due(Instant now) {
        List<TargetId> due = new ArrayList<>();
        while (!byTime.isEmpty() && !byTime.firstKey().isAfter(now)) {
            due.addAll(byTime.pollFirstEntry().getValue());
        }
        due.forEach(byTarget::remove);
        return due;
    }
}
