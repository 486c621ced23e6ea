package dev.malachite.server.runtime.ssh;

import dev.malachite.server.runtime.RuntimeObserver;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one job: keeps the port open by which it reaches us, appends what it prints to its logs, and tells its end. When
 * the connection is lost it enters the machine again, and goes on where our logs end.
 */
final class JobTail {

    private static final Logger LOG = LoggerFactory.getLogger(JobTail.class);
    private static final Duration WITHOUT_END = Duration.ofDays(365);
    private static final long FIRST_PAUSE = 250;
    private static final long LONGEST_PAUSE = 15_000;
    private static final int PORT_TRIES = 10;

    /** Of what a job prints; the runs of containers have the same. */
    private static final long LOG_LIMIT = 64L << 20;

    private static final Pattern EXIT = Pattern.compile("exit (-?\\d{1,5})");

    private static final String CUT =
            "\n[malachite] The log is cut here: the job has printed more than 64 MiB. It goes on.\n";

    private final SshConnections connections;
    private final SshNodes nodes;
    private final SshNode node;
    private final List<Path> logs;
    private final SshdSocketAddress emulator;
    private final RuntimeObserver observer;
    private final Runnable told;
    private volatile boolean ended;
    private volatile @Nullable SshConnection open;

    JobTail(
            SshConnections connections,
            SshNodes nodes,
            SshNode node,
            List<Path> logs,
            SshdSocketAddress emulator,
            RuntimeObserver observer,
            Runnable told) {
        this.connections = connections;
        this.nodes = nodes;
        this.node = node;
        this.logs = logs;
        this.emulator = emulator;
        this.observer = observer;
        this.told = told;
    }

    SshNode node() {
        return node;
    }

    /**
     * Begins.
     *
     * @param entered a connection on which the port is open already; it is this one's from now on
     */
    void start(@Nullable SshConnection entered) {
        open = entered;
        Thread.ofVirtual().name("job on " + node.id()).start(() -> {
            try {
                follow(entered);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                close();
            }
        });
    }

    /** Says nothing more; the job goes on. */
    void close() {
        ended = true;
        SshConnection last = open;
        if (last != null) {
            last.close();
        }
    }

    private void follow(@Nullable SshConnection entered) throws InterruptedException {
        long pause = FIRST_PAUSE;
        SshConnection connection = entered;
        while (!ended) {
            try {
                if (connection == null) {
                    connection = enter();
                }
                pause = FIRST_PAUSE;
                read(connection);
                return;
            } catch (IOException | RuntimeException e) {
                if (ended) {
                    return;
                }
                LOG.warn("the job on {} is out of sight: {}", node.id(), e.getMessage());
                if (connection != null) {
                    connection.close();
                    connection = null;
                }
                if (connections.givenUp(node.target())) {
                    finish(() -> observer.nodeLost(
                            node.id(), node.generation(), String.valueOf(e.getMessage()) + " It is given up."));
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(pause);
                pause = Math.min(pause * 2, LONGEST_PAUSE);
            }
        }
    }

    private SshConnection enter() throws IOException, InterruptedException {
        SshConnection connection = connections.enter(node.target());
        open = connection;
        if (ended) {
            connection.close();
        }
        for (int i = 1; ; i++) {
            try {
                connection.forward(node.port(), emulator);
                return connection;
            } catch (SshFailure e) {
                if (i == PORT_TRIES) {
                    // The job goes on without us; what it prints is still worth following.
                    LOG.warn("the job on {} reaches us no more: {}", node.id(), e.getMessage());
                    return connection;
                }
                connection.run(Duration.ofSeconds(15), "m_release", node.folder());
                TimeUnit.MILLISECONDS.sleep(FIRST_PAUSE);
            }
        }
    }

    private void read(SshConnection connection) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(node.folder()));
        for (Path log : logs) {
            arguments.add(Long.toString(Files.exists(log) ? Files.size(log) : 0));
        }
        List<String> end = new ArrayList<>();
        connection.stream(
                WITHOUT_END,
                out -> end.add(JobFrames.read(out, logs.size(), (log, bytes) -> append(logs.get(log), bytes))),
                "m_follow",
                arguments.toArray(String[]::new));
        tell(end.getFirst());
    }

    private static void append(Path log, byte[] bytes) throws IOException {
        Files.createDirectories(log.getParent());
        long room = LOG_LIMIT - (Files.exists(log) ? Files.size(log) : 0);
        if (room < 0) {
            return;
        }
        try (OutputStream file = Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            file.write(bytes, 0, Math.toIntExact(Math.min(room, bytes.length)));
            if (bytes.length > room) {
                file.write(CUT.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private void tell(String end) throws IOException {
        Matcher exit = EXIT.matcher(end);
        if (exit.matches()) {
            int code = Integer.parseInt(exit.group(1));
            nodes.ended(node, code);
            finish(() -> observer.jobExited(node.id(), node.generation(), code, ""));
            return;
        }
        switch (end) {
            case "unbegun" -> lost("the job could not begin");
            case "gone" -> lost("the job's process is gone and left no exit code");
            default -> throw new IOException("The machine says '" + end + "' of the job.");
        }
    }

    private void lost(String reason) {
        finish(() -> observer.nodeLost(node.id(), node.generation(), reason));
    }

    private void finish(Runnable tell) {
        if (!ended) {
            ended = true;
            told.run();
            tell.run();
        }
    }
}
