package dev.malachite.testkit.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a client changed, with how it is taken back: one entry for each thing, the first, which knows how it was before. */
final class Undo {

    private final Map<Object, Runnable> steps = new LinkedHashMap<>();

    synchronized void remember(Object thing, Runnable step) {
        steps.putIfAbsent(thing, step);
    }

    synchronized void forget(Object thing) {
        steps.remove(thing);
    }

    synchronized void forgetAll() {
        steps.clear();
    }

    /** Takes back the latest first; one that fails does not keep the others, and is told at the end. */
    void run() {
        List<Runnable> latestFirst = new ArrayList<>();
        synchronized (this) {
            steps.values().forEach(step -> latestFirst.add(0, step));
            steps.clear();
        }
        RuntimeException failure = null;
        for (Runnable step : latestFirst) {
            try {
                step.run();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
