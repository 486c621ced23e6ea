package dev.malachite.server.runtime.docker;

import dev.malachite.engine.NodeId;
import dev.malachite.server.runtime.JobFile;
import dev.malachite.server.runtime.LogLimit;
import dev.malachite.server.runtime.RuntimeObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one job: what its container prints into the log files, and, once that is complete, its exit to the observer. A
 * file's length says how much of the container's log is on disk already, so a new emulator goes on where the last one ended.
 */
final class JobWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JobWatch.class);
    /** How long the log's stream may go on after the container has died before it is not believed any more. */
    private static final long LINGER_SECONDS = 10;

    private final Engine engine;
    private final Containers containers;
    private final String container;
    private final NodeId node;
    private final int generation;
    private final List<Path> logs;
    private final LogLimit limit;
    private final RuntimeObserver observer;
    private final Runnable ended;
    private final CountDownLatch output = new CountDownLatch(1);
    private volatile boolean closed;
    private final CountDownLatch dead = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile @Nullable JobLog current;

    JobWatch(
            Engine engine,
            Containers containers,
            String container,
            NodeId node,
            int generation,
            List<Path> logs,
            LogLimit limit,
            RuntimeObserver observer,
            Runnable ended) {
        this.engine = engine;
        this.containers = containers;
        this.container = container;
        this.node = node;
        this.generation = generation;
        this.logs = logs;
        this.limit = limit;
        this.observer = observer;
        this.ended = ended;
    }

    /** Begins to follow; what there is to tell is told from a thread of its own. */
    void begin() {
        Thread.ofVirtual().name("job on " + node).start(this::follow);
    }

    /** Whether the container printed something by then. */
    boolean awaitOutput(long milliseconds) throws InterruptedException {
        return output.await(milliseconds, TimeUnit.MILLISECONDS);
    }

    /** Waits, but not for ever, until the log of a container that has ended is complete and its end is told. */
    void awaitEnd() throws InterruptedException {
        if (!done.await(LINGER_SECONDS, TimeUnit.SECONDS)) {
            LOG.warn("The end of {}'s job is not told yet", node);
        }
    }

    /** The container is known to have ended: its log must end soon too. */
    void died() {
        dead.countDown();
        Thread.ofVirtual().start(() -> {
            try {
                TimeUnit.SECONDS.sleep(LINGER_SECONDS);
            } catch (InterruptedException e) {
                return;
            }
            JobLog reading = current;
            if (!closed && reading != null) {
                LOG.warn("The log of {} does not end although its container has", node);
                reading.end();
            }
        });
    }

    @Override
    public void close() {
        end();
        done.countDown();
    }

    private void end() {
        closed = true;
        JobLog reading = current;
        if (reading != null) {
            reading.end();
        }
    }

    private void follow() {
        boolean followed = true;
        while (!closed) {
            try {
                boolean complete = read(followed);
                if (closed) {
                    return;
                }
                Containers.State state = containers.state(container);
                if (!state.running() && complete) {
                    tell(state);
                    return;
                }
                // A stream that was cut short after the end: what is left is read in one go.
                followed = state.running();
            } catch (Engine.Missing e) {
                lost("its container is gone");
                return;
            } catch (IOException | RuntimeException e) {
                LOG.debug("Following {} again: {}", node, e.getMessage());
            }
            pause();
        }
    }

    /** Whether the log was read to its end. */
    private boolean read(boolean follow) throws IOException {
        try (JobLog reader = new JobLog(logs, limit, output::countDown)) {
            current = reader;
            if (closed) {
                return false;
            }
            if (reader.full()) {
                return awaitDeath();
            }
            engine.streams()
                    .logContainerCmd(container)
                    .withStdOut(true)
                    .withStdErr(true)
                    .withFollowStream(follow)
                    .exec(reader);
            reader.await(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
            return reader.full() || !reader.cut();
        } catch (InterruptedException e) {
            closed = true;
            return false;
        } catch (com.github.dockerjava.api.exception.NotFoundException e) {
            throw new Engine.Missing("the log of " + node, e);
        }
    }

    /** Nothing more is kept of what it prints, so its end is all that matters. */
    private boolean awaitDeath() throws InterruptedException {
        if (!dead.await(LINGER_SECONDS, TimeUnit.SECONDS)) {
            LOG.debug("{} prints on", node);
        }
        return true;
    }

    private void tell(Containers.State state) throws IOException {
        if (state.exitCode() == JobFile.NOT_BEGUN && !containers.started(container)) {
            lost("its job was never started");
            return;
        }
        end();
        ended.run();
        observer.jobExited(node, generation, state.exitCode(), state.outOfMemory() ? "out of memory" : "");
        done.countDown();
    }

    private void lost(String reason) {
        if (!closed) {
            end();
            ended.run();
            observer.nodeLost(node, generation, reason);
            done.countDown();
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(dead.getCount() == 0 ? 100 : 500);
        } catch (InterruptedException e) {
            closed = true;
        }
    }
}
