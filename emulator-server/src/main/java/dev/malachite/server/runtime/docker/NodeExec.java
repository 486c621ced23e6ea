package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.command.ExecStartCmd;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import dev.malachite.server.runtime.NodeShell;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shell in a node's container, beside the job that runs there. Where the engine can only be reached through its client a
 * command without a terminal has no input: a program that reads it would wait for ever for its end.
 */
final class NodeExec implements NodeShell {

    private static final Logger LOG = LoggerFactory.getLogger(NodeExec.class);
    private static final int LONGEST_DAYS = 21;
    private static final int UNKNOWN = 255;

    /** The stream ends a moment before the engine knows the exit code. */
    private static final int LOOKS = 100;

    private static final long PAUSE_MILLIS = 20;

    /** Before a node's first job its working folder is not there yet. */
    private static final String WHERE = "mkdir -p %1$s && cd %1$s || cd /; export PATH=$PATH:%2$s/bin; "
            .formatted(Containers.WORK, Containers.STATE);

    private final Engine engine;
    private final String id;
    private final Output output;

    private NodeExec(Engine engine, String id, Output output) {
        this.engine = engine;
        this.id = id;
        this.output = output;
    }

    /** Begins in a container that runs. */
    static NodeExec begin(Engine engine, String container, Wish wish) throws IOException {
        boolean tty = wish.terminal().isPresent();
        boolean ends = !tty && engine.connectable();
        String id = engine.call(
                "prepare a login",
                docker -> docker.execCreateCmd(container)
                        .withUser("0:0")
                        .withAttachStdin(tty || ends)
                        .withAttachStdout(true)
                        .withAttachStderr(true)
                        .withTty(tty)
                        .withEnv(wish.terminal()
                                .map(terminal -> List.of("TERM=" + terminal.type()))
                                .orElse(List.of()))
                        .withCmd(
                                "sh",
                                "-c",
                                WHERE
                                        + wish.command()
                                                .map(_ -> "exec sh -c \"$1\"")
                                                .orElse(INTERACTIVE),
                                "sh",
                                wish.command().orElse(""))
                        .exec()
                        .getId());
        Output output = new Output(wish.out(), wish.err());
        try {
            if (ends) {
                ExecInput.begin(engine, id, wish.in(), output);
            } else {
                ExecStartCmd start =
                        engine.streams().execStartCmd(id).withDetach(false).withTty(tty);
                if (tty) {
                    start.withStdIn(wish.in());
                }
                start.exec(output);
            }
        } catch (RuntimeException e) {
            throw new Engine.Gone("The Docker engine begins no shell: " + e.getMessage(), e);
        }
        NodeExec begun = new NodeExec(engine, id, output);
        wish.terminal().ifPresent(terminal -> begun.tryResize(terminal.columns(), terminal.rows()));
        return begun;
    }

    @Override
    public void resize(int columns, int rows) throws IOException {
        engine.call(
                "resize a terminal",
                docker -> docker.resizeExecCmd(id).withSize(rows, columns).exec());
    }

    private void tryResize(int columns, int rows) {
        try {
            resize(columns, rows);
        } catch (IOException e) {
            LOG.debug("a terminal keeps its size: {}", e.getMessage());
        }
    }

    @Override
    public int await() throws IOException, InterruptedException {
        try {
            output.await(LONGEST_DAYS, TimeUnit.DAYS);
        } catch (RuntimeException e) {
            throw new Engine.Gone("The shell broke off", e);
        }
        for (int i = 0; i < LOOKS; i++) {
            var state = engine.call(
                    "ask how a shell ended", docker -> docker.inspectExecCmd(id).exec());
            Long code = state.getExitCodeLong();
            if (!Boolean.TRUE.equals(state.isRunning()) && code != null) {
                return code.intValue();
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        return UNKNOWN;
    }

    @Override
    public void close() {
        output.close();
    }

    private static final class Output extends EngineStream<Frame> {

        private final OutputStream out;
        private final OutputStream err;

        Output(OutputStream out, OutputStream err) {
            this.out = out;
            this.err = err;
        }

        @Override
        public void onNext(Frame frame) {
            OutputStream to = frame.getStreamType() == StreamType.STDERR ? err : out;
            try {
                to.write(frame.getPayload());
                to.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
