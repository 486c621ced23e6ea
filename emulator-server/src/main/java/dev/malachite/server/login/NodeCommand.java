package dev.malachite.server.login;

import dev.malachite.server.runtime.NodeShell;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one session runs on a node: hands its streams on, and says why where it cannot. */
final class NodeCommand implements Command {

    private static final Logger LOG = LoggerFactory.getLogger(NodeCommand.class);
    private static final int COLUMNS = 80;
    private static final int ROWS = 24;
    private static final int REFUSED = 255;

    private final Optional<String> line;
    private final Entrance entrance;
    private InputStream in = InputStream.nullInputStream();
    private OutputStream out = OutputStream.nullOutputStream();
    private OutputStream err = OutputStream.nullOutputStream();
    private @Nullable ExitCallback exit;
    private volatile @Nullable NodeShell shell;
    private volatile boolean gone;

    /** Runs what is wished for on the node. */
    interface Entrance {

        /** The message of a failure is a sentence for who came. */
        NodeShell enter(NodeShell.Wish wish) throws IOException;
    }

    NodeCommand(Optional<String> line, Entrance entrance) {
        this.line = line;
        this.entrance = entrance;
    }

    @Override
    public void setInputStream(InputStream stream) {
        in = stream;
    }

    @Override
    public void setOutputStream(OutputStream stream) {
        out = stream;
    }

    @Override
    public void setErrorStream(OutputStream stream) {
        err = stream;
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
        exit = callback;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) {
        Map<String, String> variables = environment.getEnv();
        Optional<NodeShell.Terminal> terminal =
                environment.getPtyModes().isEmpty() && !variables.containsKey(Environment.ENV_COLUMNS)
                        ? Optional.empty()
                        : Optional.of(new NodeShell.Terminal(
                                variables.getOrDefault(Environment.ENV_TERM, "xterm"),
                                number(variables, Environment.ENV_COLUMNS, COLUMNS),
                                number(variables, Environment.ENV_LINES, ROWS)));
        environment.addSignalListener((on, signal) -> resized(variables), Signal.WINCH);
        Thread.ofVirtual().name("login").start(() -> run(terminal));
    }

    private void run(Optional<NodeShell.Terminal> terminal) {
        int code = REFUSED;
        try (NodeShell entered = entrance.enter(new NodeShell.Wish(line, terminal, in, out, err))) {
            shell = entered;
            if (!gone) {
                code = entered.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            say(String.valueOf(e.getMessage()));
        } finally {
            end(code);
        }
    }

    private void resized(Map<String, String> variables) {
        NodeShell open = shell;
        if (open == null) {
            return;
        }
        try {
            open.resize(
                    number(variables, Environment.ENV_COLUMNS, COLUMNS),
                    number(variables, Environment.ENV_LINES, ROWS));
        } catch (IOException e) {
            LOG.debug("a terminal keeps its size: {}", e.getMessage());
        }
    }

    private void say(String sentence) {
        try {
            err.write((sentence + "\r\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.debug("nobody hears: {}", sentence);
        }
    }

    private void end(int code) {
        try {
            out.flush();
            err.flush();
        } catch (IOException e) {
            LOG.debug("a session broke off: {}", e.getMessage());
        }
        if (exit != null) {
            exit.onExit(code);
        }
    }

    @Override
    public void destroy(ChannelSession channel) {
        gone = true;
        NodeShell open = shell;
        if (open != null) {
            open.close();
        }
    }

    private static int number(Map<String, String> variables, String name, int usual) {
        String text = variables.getOrDefault(name, "");
        return text.matches("[1-9]\\d{0,3}") ? Integer.parseInt(text) : usual;
    }
}
