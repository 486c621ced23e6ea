package dev.malachite.server.runtime.docker;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Gives a waiting container its job: the files and the word that begins it. Both go over the line that is open already
 * where the image can unpack what comes over it, because the engine takes 40 ms to put any archive, however small.
 */
final class JobTrigger {

    private static final Duration FILES = Duration.ofMinutes(10);
    private static final long START_DEADLINE = TimeUnit.SECONDS.toNanos(30);
    private static final long PULL_AGAIN = TimeUnit.SECONDS.toNanos(3);
    /** A job that prints is heard; for one that does not the engine is asked, which takes time from a job that begins. */
    private static final long FIRST_LOOK = 200;

    private static final long NEXT_LOOK = 50;

    private final Engine engine;
    private final Containers containers;
    private final Map<String, Boolean> unpacking = new ConcurrentHashMap<>();

    JobTrigger(Engine engine, Containers containers) {
        this.engine = engine;
        this.containers = containers;
    }

    /** Looks once an image whether a container of it can unpack archives. */
    void probe(String image, String container) throws IOException {
        if (!unpacking.containsKey(image)) {
            unpacking.put(image, containers.program(container, "tar") && containers.program(container, "head"));
        }
    }

    /** Over a line to a container that is this process's own and that nobody has written to; returns when the job runs. */
    void start(String image, String container, JobArchive archive, TriggerLine line, JobWatch watch)
            throws IOException {
        try (line) {
            if (archive.small().isPresent() && unpacking.getOrDefault(image, false)) {
                line.send(archive.small().get());
                if (begins(container, watch, PULL_AGAIN)) {
                    return;
                }
                if (containers.exists(container, Containers.TAKING)) {
                    // It is unpacking still, or the rest was lost: what it has begun to take is not sent again.
                    if (begins(container, watch, START_DEADLINE)) {
                        return;
                    }
                    throw late(container);
                }
                put(container, archive);
            } else {
                put(container, archive);
                line.pull();
                if (begins(container, watch, PULL_AGAIN)) {
                    return;
                }
            }
        }
        pull(container, watch);
    }

    /** In a container that may be another process's. */
    void start(String container, JobArchive archive, JobWatch watch) throws IOException {
        if (containers.exists(container, Containers.TAKING)) {
            throw new IOException("The emulator ended while it sent the job's files to " + container);
        }
        put(container, archive);
        pull(container, watch);
    }

    /** Says go until the job's mark is seen: a client that attaches too late or loses its connection drops the word. */
    private void pull(String container, JobWatch watch) throws IOException {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < START_DEADLINE) {
            try (TriggerLine line = TriggerLine.open(engine, container)) {
                line.pull();
                if (begins(container, watch, PULL_AGAIN)) {
                    return;
                }
            }
        }
        throw late(container);
    }

    private void put(String container, JobArchive archive) throws IOException {
        try (InputStream bytes = archive.open()) {
            containers.put(container, FILES, bytes);
        }
    }

    /**
     * Whether the job is heard or its mark is seen by then. What is heard can also be why its files could not be unpacked;
     * then its exit is told as a loss of the node.
     */
    private boolean begins(String container, JobWatch watch, long patience) throws IOException {
        long begin = System.nanoTime();
        try {
            if (watch.awaitOutput(FIRST_LOOK)) {
                return true;
            }
            while (!containers.started(container)) {
                if (System.nanoTime() - begin > patience) {
                    return false;
                }
                TimeUnit.MILLISECONDS.sleep(NEXT_LOOK);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Engine.Gone("Interrupted while the job in " + container + " began", e);
        }
    }

    private static IOException late(String container) {
        return new IOException("The job in " + container + " did not begin");
    }
}
