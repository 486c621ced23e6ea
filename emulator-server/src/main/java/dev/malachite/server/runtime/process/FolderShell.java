package dev.malachite.server.runtime.process;

import dev.malachite.server.runtime.NodeShell;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A shell in a node's folder, as the emulator's own user. */
final class FolderShell implements NodeShell {

    private static final Logger LOG = LoggerFactory.getLogger(FolderShell.class);
    private static final int BUFFER = 1 << 13;

    /** A terminal of its own between our pipes and a program; says how that ended. */
    private static final String TERMINAL =
            "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])) & 255)";

    private final Process process;
    private final List<Thread> outputs;

    private FolderShell(Process process, List<Thread> outputs) {
        this.process = process;
        this.outputs = outputs;
    }

    static FolderShell begin(NodeFolder folder, Wish wish) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command(wish)).directory(folder.work().toFile());
        Keeper.surround(builder.environment(), folder);
        wish.terminal().ifPresent(terminal -> builder.environment().put("TERM", terminal.type()));
        Process process = builder.start();
        Thread.ofVirtual().name("login in").start(() -> {
            try (OutputStream to = process.getOutputStream()) {
                pump(wish.in(), to);
            } catch (IOException e) {
                LOG.debug("a login reads no more: {}", e.getMessage());
            }
        });
        return new FolderShell(
                process,
                List.of(
                        Thread.ofVirtual().name("login out").start(() -> pump(process.getInputStream(), wish.out())),
                        Thread.ofVirtual().name("login err").start(() -> pump(process.getErrorStream(), wish.err()))));
    }

    private static List<String> command(Wish wish) {
        List<String> command = new ArrayList<>();
        Optional<Terminal> terminal = wish.terminal();
        if (terminal.isPresent()) {
            command.addAll(List.of("python3", "-c", TERMINAL));
        }
        command.addAll(List.of("sh", "-c"));
        String size = terminal.map(shown -> "stty cols %d rows %d; ".formatted(shown.columns(), shown.rows()))
                .orElse("");
        command.add(size + wish.command().orElse(INTERACTIVE));
        return command;
    }

    private static void pump(InputStream from, OutputStream to) {
        byte[] buffer = new byte[BUFFER];
        try {
            for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                to.write(buffer, 0, read);
                to.flush();
            }
        } catch (IOException e) {
            LOG.debug("a login broke off: {}", e.getMessage());
        }
    }

    /** A size is given once: what stands between has no way to hear of another one. */
    @Override
    public void resize(int columns, int rows) {
        // Programs go on in the size that they began with.
    }

    @Override
    public int await() throws InterruptedException {
        int code = process.waitFor();
        for (Thread output : outputs) {
            output.join();
        }
        return code;
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
