package dev.malachite.server.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** A shell, or a command, that somebody runs on a node beside its job. */
public interface NodeShell extends AutoCloseable {

    /** A line for a shell that begins the one that is for people. */
    String INTERACTIVE = "if command -v bash >/dev/null; then exec bash; else exec sh; fi";

    /** The terminal has another size now; nothing where there is none. */
    void resize(int columns, int rows) throws IOException;

    /** Waits for the end, and gives the exit code. */
    int await() throws IOException, InterruptedException;

    /** Ends it, if it has not ended. */
    @Override
    void close();

    /**
     * What somebody asks for.
     *
     * @param command for a shell; empty for an interactive one
     * @param terminal what the client shows it in
     */
    record Wish(
            Optional<String> command,
            Optional<Terminal> terminal,
            InputStream in,
            OutputStream out,
            OutputStream err) {}

    /**
     * A terminal of the client's.
     *
     * @param type as {@code TERM} has it
     */
    record Terminal(String type, int columns, int rows) {}
}
