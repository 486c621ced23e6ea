package dev.malachite.server.runtime.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.password.PasswordAuthenticator;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.server.shell.ProcessShellFactory;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/** A machine to enter: an SSH server in this process whose programs are processes of this machine, with a home of its own. */
final class TestMachine implements AutoCloseable {

    static final String USER = "azureuser";
    static final String PASSWORD = "a password";

    private final Path home;
    private final Path hostKey;
    private final PasswordAuthenticator passwords =
            (user, password, session) -> user.equals(USER) && password.equals(PASSWORD);
    private volatile String path = System.getenv("PATH");
    private SshServer server;
    private int port;

    TestMachine(Path folder) throws IOException {
        home = Files.createDirectories(folder.resolve("home"));
        hostKey = folder.resolve("host-key");
        server = start(0);
    }

    int port() {
        return port;
    }

    Path home() {
        return home;
    }

    /** Leaves the machine with the programs of one folder. */
    void programs(Path folder) {
        path = folder.toString();
    }

    /** Cuts all connections, as a network does. */
    void drop() {
        for (Session session : server.getActiveSessions()) {
            session.close(true);
        }
    }

    /** Another machine at the same address. */
    void replace() throws IOException {
        server.close(true);
        Files.delete(hostKey);
        server = start(port);
    }

    void stop() throws IOException {
        server.stop(true);
    }

    /** Back after {@link #stop}. */
    void again() throws IOException {
        server = start(port);
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }

    private SshServer start(int wished) throws IOException {
        SshServer made = SshServer.setUpDefaultServer();
        made.setHost("127.0.0.1");
        made.setPort(wished);
        made.setKeyPairProvider(new SimpleGeneratorHostKeyProvider(hostKey));
        made.setPasswordAuthenticator(passwords);
        made.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
        made.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
        made.setCommandFactory((channel, command) -> new ProcessShellFactory(
                        command, "env", "HOME=" + home, "PATH=" + path, "sh", "-c", command)
                .createShell(channel));
        made.start();
        port = made.getPort();
        return made;
    }
}
