package dev.malachite.server.login;

import dev.malachite.server.runtime.MachineLogin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.BuiltinUserAuthFactories;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One SSH server with a port for each node: by its port a session says which node it is for. */
final class NodeServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeServer.class);

    private static final Duration SILENCE = Duration.ofHours(1);
    private static final Duration ENTER_WITHIN = Duration.ofSeconds(30);
    private static final int SESSIONS_OF_A_USER = 50;
    private static final int TRIES = 6;

    private final InetAddress host;
    private final Ported server =
            (Ported) ServerBuilder.builder().factory(Ported::new).build();

    /** What is behind a port. */
    interface Doors {

        /** Who is let in there; nobody once the node has gone. */
        Optional<MachineLogin> login(int port);

        /** What runs for who was let in. */
        NodeCommand command(int port, Optional<String> line);
    }

    private static final class Ported extends SshServer {

        void bind(InetSocketAddress address) throws IOException {
            if (acceptor == null) {
                setHost(address.getAddress().getHostAddress());
                setPort(address.getPort());
                start();
            } else {
                acceptor.bind(address);
            }
        }

        void unbind(InetSocketAddress address) {
            acceptor.unbind(address);
        }
    }

    /**
     * Listens on nothing yet.
     *
     * @param hostKey where its own key is kept, so that clients find the same one again
     */
    NodeServer(InetAddress host, Path hostKey, Doors doors) {
        this.host = host;
        server.setKeyPairProvider(new SimpleGeneratorHostKeyProvider(hostKey));
        server.setUserAuthFactories(
                List.of(BuiltinUserAuthFactories.PUBLICKEY.create(), BuiltinUserAuthFactories.PASSWORD.create()));
        server.setPasswordAuthenticator((user, password, session) -> doors.login(port(session))
                .filter(login -> login.user().equals(user))
                .flatMap(MachineLogin::password)
                .filter(right -> same(right, password))
                .isPresent());
        server.setPublickeyAuthenticator((user, key, session) -> doors.login(port(session))
                .filter(login -> login.user().equals(user))
                .flatMap(MachineLogin::publicKey)
                .filter(line -> isKey(line, key))
                .isPresent());
        IntFunction<NodeCommand> shell = port -> doors.command(port, Optional.empty());
        server.setShellFactory(channel -> shell.apply(port(channel)));
        server.setCommandFactory((channel, line) -> doors.command(port(channel), Optional.of(line)));
        server.setSubsystemFactories(List.of(new NodeFiles(channel -> doors.command(port(channel), NodeFiles.SERVER))));
        // It leads to a node, not through it.
        server.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
        CoreModuleProperties.IDLE_TIMEOUT.set(server, SILENCE);
        CoreModuleProperties.AUTH_TIMEOUT.set(server, ENTER_WITHIN);
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, TRIES);
        CoreModuleProperties.MAX_CONCURRENT_SESSIONS.set(server, SESSIONS_OF_A_USER);
    }

    void open(int port) throws IOException {
        server.bind(new InetSocketAddress(host, port));
    }

    void shut(int port) {
        server.unbind(new InetSocketAddress(host, port));
    }

    @Override
    public void close() {
        server.close(true);
    }

    private static int port(ChannelSession channel) {
        return port(channel.getSession());
    }

    private static int port(Session session) {
        return ((InetSocketAddress) session.getIoSession().getLocalAddress()).getPort();
    }

    private static boolean same(String right, String given) {
        return MessageDigest.isEqual(right.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isKey(String line, PublicKey given) {
        try {
            AuthorizedKeyEntry entry = AuthorizedKeyEntry.parseAuthorizedKeyEntry(line.strip());
            return entry != null
                    && KeyUtils.compareKeys(entry.resolvePublicKey(null, PublicKeyEntryResolver.IGNORING), given);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            LOG.warn("the public key of a cluster's account cannot be read: {}", e.getMessage());
            return false;
        }
    }
}
