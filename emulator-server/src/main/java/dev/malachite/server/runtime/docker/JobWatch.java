package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.model.Frame;
import dev.malachite.engine.NodeId;
import dev.malachite.server.runtime.JobFile;
import dev.malachite.server.runtime.RuntimeObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one job: what its container prints into the log file, and, once that is complete, its exit to the observer. The
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
    private final Path log;
    private final RuntimeObserver observer;
    private final Runnable ended;
    private final CountDownLatch output = new CountDownLatch(1);
    private volatile boolean closed;
    private volatile boolean dead;
    private volatile @Nullable Follower follower;

    JobWatch(
            Engine engine,
            Containers containers,
            String container,
            NodeId node,
            int generation,
            Path log,
            RuntimeObserver observer,
            Runnable ended) {
        this.engine = engine;
        this.containers = containers;
        this.container = container;
        this.node = node;
        this.generation = generation;
        this.log = log;
        this.observer = observer;
        this.ended = ended;
    }

    /** Begins to follow; what there is to tell is told from a thread of its own. */
    void begin() {
        Thread.ofVirtual().name("job on " + node).start(this::follow);
    }

    /** Waits so long for something that the job printed, or its end. */
    void awaitOutput(long milliseconds) throws InterruptedException {
        output.await(milliseconds, TimeUnit.MILLISECONDS);
    }

    /** The container is known to have ended: its log must end soon too. */
    void died() {
        dead = true;
        Thread.ofVirtual().start(() -> {
            try {
                TimeUnit.SECONDS.sleep(LINGER_SECONDS);
            } catch (InterruptedException e) {
                return;
            }
            Follower current = follower;
            if (!closed && current != null) {
                LOG.warn("The log of {} does not end although its container has", node);
                current.end();
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        Follower current = follower;
        if (current != null) {
            current.end();
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
        try (Follower reader = new Follower(log, output)) {
            follower = reader;
            if (closed) {
                return false;
            }
            engine.streams()
                    .logContainerCmd(container)
                    .withStdOut(true)
                    .withStdErr(true)
                    .withFollowStream(follow)
                    .exec(reader);
            reader.await(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
            return !reader.cut;
        } catch (InterruptedException e) {
            closed = true;
            return false;
        } catch (com.github.dockerjava.api.exception.NotFoundException e) {
            throw new Engine.Missing("the log of " + node, e);
        }
    }

    private void tell(Containers.State state) throws IOException {
        if (state.exitCode() == JobFile.NOT_BEGUN && !containers.started(container)) {
            lost("its job was never started");
            return;
        }
        close();
        ended.run();
        observer.jobExited(node, generation, state.exitCode(), state.outOfMemory() ? "out of memory" : "");
    }

    private void lost(String reason) {
        if (!closed) {
            close();
            ended.run();
            observer.nodeLost(node, generation, reason);
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(dead ? 100 : 500);
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    /** Appends what it has not yet seen to the file. */
    private static final class Follower extends EngineStream<Frame> {

        private final FileChannel file;
        private final CountDownLatch output;
        private long skip;
        private volatile boolean cut;

        Follower(Path log, CountDownLatch output) throws IOException {
            this.output = output;
            Files.createDirectories(log.getParent());
            file = FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            skip = file.size();
        }

        @Override
        public void onNext(Frame frame) {
            byte[] payload = frame.getPayload();
            int from = (int) Math.min(skip, payload.length);
            skip -= from;
            ByteBuffer rest = ByteBuffer.wrap(payload, from, payload.length - from);
            try {
                while (rest.hasRemaining()) {
                    file.write(rest);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            output.countDown();
        }

        void end() {
            cut = true;
            close();
        }

        @Override
        public void close() {
            super.close();
            output.countDown();
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
