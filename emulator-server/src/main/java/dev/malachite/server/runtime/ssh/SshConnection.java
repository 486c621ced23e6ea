package dev.malachite.server.runtime.ssh;

import dev.malachite.server.runtime.BoundedLines;
import dev.malachite.server.runtime.JobFile;
import dev.malachite.server.runtime.LastLines;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClientFactory;

/** One connection to a machine: runs functions of {@code machine.sh} there, brings files, opens a port that leads to us. */
final class SshConnection implements AutoCloseable {

    private static final Duration OPEN_WITHIN = Duration.ofSeconds(15);
    private static final int REFUSED = 3;
    private static final String LOOPBACK = "127.0.0.1";
    private static final int PIECE = 1 << 15;

    /** All that is asked for in this way are paths, numbers and single words. */
    private static final int LONGEST_ANSWER = 10_000;

    private static final String NO_SPACE = "no space left on device";

    private final SshMachine machine;
    private final ClientSession session;

    SshConnection(SshMachine machine, ClientSession session) {
        this.machine = machine;
        this.session = session;
    }

    /** Takes what a program prints, as it comes. */
    interface Reader {
        void read(InputStream out) throws IOException;
    }

    /** What a function printed, without the end of its last line; fails where it fails. */
    String run(Duration deadline, String function, String... arguments) throws IOException {
        StringBuilder out = new StringBuilder();
        lines(
                deadline,
                line -> {
                    if (out.length() <= LONGEST_ANSWER) {
                        out.append(out.isEmpty() ? "" : "\n").append(line);
                    }
                },
                false,
                function,
                arguments);
        if (out.length() > LONGEST_ANSWER) {
            throw new SshFailure("The machine %s of the compute target '%s' says more than can be."
                    .formatted(machine.where(), machine.name()));
        }
        return out.toString();
    }

    /** Hands on both streams line by line; fails where the function fails. */
    void log(Duration deadline, Consumer<String> log, String function, String... arguments) throws IOException {
        lines(deadline, log, true, function, arguments);
    }

    private void lines(Duration deadline, Consumer<String> log, boolean both, String function, String... arguments)
            throws IOException {
        LastLines said = new LastLines();
        stream(
                deadline,
                both,
                said,
                out -> BoundedLines.read(new InputStreamReader(out, StandardCharsets.UTF_8), line -> {
                    log.accept(line);
                    if (both) {
                        said.add(line);
                    }
                }),
                function,
                arguments);
    }

    /** Hands on what a function prints; fails where it fails. */
    void stream(Duration deadline, Reader reader, String function, String... arguments) throws IOException {
        stream(deadline, false, new LastLines(), reader, function, arguments);
    }

    private void stream(
            Duration deadline, boolean both, LastLines said, Reader reader, String function, String... arguments)
            throws IOException {
        try (ChannelExec exec = session.createExecChannel("sh -s")) {
            exec.setRedirectErrorStream(both);
            exec.setIn(new ByteArrayInputStream(text(function, arguments).getBytes(StandardCharsets.UTF_8)));
            exec.open().verify(OPEN_WITHIN);
            Thread errors = Thread.ofVirtual().start(() -> {
                if (!both) {
                    listen(exec.getInvertedErr(), said);
                }
            });
            Thread watch = Thread.ofVirtual().start(() -> {
                if (exec.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), deadline)
                        .contains(ClientChannelEvent.TIMEOUT)) {
                    exec.close(true);
                }
            });
            try {
                reader.read(exec.getInvertedOut());
                exec.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), deadline);
                errors.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("Interrupted", e);
            } finally {
                watch.interrupt();
            }
            Integer status = exec.getExitStatus();
            if (status == null) {
                throw new IOException("The connection to the machine %s of the compute target '%s' was lost."
                        .formatted(machine.where(), machine.name()));
            }
            if (status != 0) {
                throw failure(status, said.text());
            }
        }
    }

    /** Writes one file, which is not to be there in part; what is in the way of it is said in a sentence. */
    void put(String path, Content content) throws IOException {
        try (SftpClient sftp = SftpClientFactory.instance().createSftpClient(session);
                OutputStream out = new BufferedOutputStream(
                        sftp.write(
                                path,
                                PIECE,
                                SftpClient.OpenMode.Write,
                                SftpClient.OpenMode.Create,
                                SftpClient.OpenMode.Truncate),
                        PIECE)) {
            content.write(out);
        } catch (IOException e) {
            String folder = path.substring(0, path.lastIndexOf('/'));
            if (!session.isOpen() || !run(OPEN_WITHIN, "m_room", folder).equals("0")) {
                throw e;
            }
            throw new SshFailure(fullDisk(), e);
        }
    }

    /** Writes the whole of a file. */
    interface Content {
        void write(OutputStream out) throws IOException;
    }

    /**
     * Opens a port on the machine's loopback that leads to the emulator, for as long as the connection lasts.
     *
     * @param port 0 for any
     * @return the port
     */
    int forward(int port, SshdSocketAddress emulator) throws IOException {
        try {
            return session.startRemotePortForwarding(new SshdSocketAddress(LOOPBACK, port), emulator)
                    .getPort();
        } catch (IOException e) {
            throw new SshFailure(
                    "The machine %s of the compute target '%s' opens no port for its jobs to reach us by (AllowTcpForwarding in its sshd_config)."
                            .formatted(machine.where(), machine.name()),
                    e);
        }
    }

    @Override
    public void close() {
        session.close(true);
    }

    /** A shell's whole input, for one call of a function. */
    static String text(String function, String... arguments) {
        StringBuilder script = new StringBuilder(JobFile.resource("machine.sh")).append(function);
        for (String argument : arguments) {
            script.append(' ').append(JobFile.quote(argument));
        }
        // What it starts must not read the rest of this as its input.
        return script.append(" </dev/null\n").toString();
    }

    private IOException failure(int status, String said) {
        String last = Optional.of(said.lines().toList())
                .filter(lines -> !lines.isEmpty())
                .map(lines -> lines.getLast())
                .orElse("exit code " + status);
        if (said.toLowerCase(Locale.ROOT).contains(NO_SPACE)) {
            return new SshFailure(fullDisk());
        }
        if (status == REFUSED) {
            return new SshFailure("The machine %s of the compute target '%s' cannot do this: %s."
                    .formatted(machine.where(), machine.name(), last));
        }
        return new SshFailure("The machine %s of the compute target '%s' failed: %s."
                .formatted(machine.where(), machine.name(), last));
    }

    private String fullDisk() {
        return "There is no space left on the disk of the machine %s of the compute target '%s'."
                .formatted(machine.where(), machine.name());
    }

    private static void listen(InputStream errors, LastLines said) {
        try (InputStreamReader reader = new InputStreamReader(errors, StandardCharsets.UTF_8)) {
            BoundedLines.read(reader, said::add);
        } catch (IOException e) {
            said.add(String.valueOf(e.getMessage()));
        }
    }
}
