package dev.malachite.server.runtime.ssh;

import dev.malachite.engine.TargetId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.password.PasswordIdentityProvider;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.jspecify.annotations.Nullable;

/** Enters machines: with what their targets hold, and only those that are who they were. */
final class SshConnections implements AutoCloseable {

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(15);
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private static final AttributeRepository.AttributeKey<HostKeyCheck> CHECK =
            new AttributeRepository.AttributeKey<>();

    /** Whoever cannot be entered for longer is given up. */
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(10);

    private final SshMachines machines;
    private final HostKeys keys;
    private final String forget;
    private final SshClient client;
    private final Map<TargetId, Long> awaySince = new ConcurrentHashMap<>();

    /**
     * Opens no connection.
     *
     * @param forget the line that makes a changed key known, with {@code %s} for workspace and target
     */
    SshConnections(SshMachines machines, HostKeys keys, String forget) {
        this.machines = machines;
        this.keys = keys;
        this.forget = forget;
        this.client = SshClient.setUpDefaultClient();
        // Nothing of whoever started us: neither keys nor an agent nor settings.
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        client.setPasswordIdentityProvider(PasswordIdentityProvider.EMPTY_PASSWORDS_PROVIDER);
        // What comes back through a port of theirs goes where we said, and nowhere else.
        client.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
        client.setServerKeyVerifier((session, address, key) -> {
            HostKeyCheck check = session.getConnectionContext().getAttribute(CHECK);
            return check != null && check.accepts(key);
        });
        CoreModuleProperties.HEARTBEAT_INTERVAL.set(client, HEARTBEAT);
        CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(client, 3);
        CoreModuleProperties.IDLE_TIMEOUT.set(client, Duration.ZERO);
        CoreModuleProperties.NIO2_READ_TIMEOUT.set(client, Duration.ZERO);
        CoreModuleProperties.AUTH_TIMEOUT.set(client, ANSWER_WITHIN);
        client.start();
    }

    /** Whether the target still leads to a machine. */
    boolean known(TargetId target) {
        return machines.find(target).isPresent();
    }

    SshMachine machine(TargetId target) throws SshFailure {
        return machines.find(target)
                .orElseThrow(() -> new SshFailure("The compute target '%s' has no machine that can be entered over SSH."
                        .formatted(target.name())));
    }

    /** Enters a machine for something that can be told at once that it failed. */
    SshConnection enter(TargetId target) throws SshFailure {
        try {
            SshConnection connection = open(target, machine(target));
            awaySince.remove(target);
            return connection;
        } catch (SshFailure e) {
            awaySince.putIfAbsent(target, System.nanoTime());
            throw e;
        }
    }

    /** Enters a machine on which something of ours goes on: for a while it is taken to come back. */
    SshConnection reenter(TargetId target) throws IOException {
        try {
            return enter(target);
        } catch (SshFailure e) {
            if (givenUp(target)) {
                throw e;
            }
            throw new MachineAway(e);
        }
    }

    /** Whether the machine has been away for longer than anybody waits. */
    boolean givenUp(TargetId target) {
        Long since = awaySince.get(target);
        return since != null && System.nanoTime() - since > PATIENCE;
    }

    @Override
    public void close() {
        try {
            client.close(true).await(ANSWER_WITHIN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SshConnection open(TargetId target, SshMachine machine) throws SshFailure {
        Optional<KeyPair> key = key(machine);
        HostKeyCheck check = new HostKeyCheck(target, machine);
        ClientSession session = null;
        try {
            session = client.connect(
                            machine.user(),
                            machine.host(),
                            machine.port(),
                            AttributeRepository.ofKeyValuePair(CHECK, check),
                            null)
                    .verify(ANSWER_WITHIN)
                    .getSession();
            machine.password().ifPresent(session::addPasswordIdentity);
            key.ifPresent(session::addPublicKeyIdentity);
            session.auth().verify(ANSWER_WITHIN);
            return new SshConnection(machine, session);
        } catch (IOException | UnresolvedAddressException e) {
            boolean greeted = session != null && check.seen;
            if (session != null) {
                session.close(true);
            }
            String refusal = check.refusal;
            throw new SshFailure(refusal != null ? refusal : sentence(machine, greeted, e), e);
        }
    }

    /** Why a machine could not be entered. */
    private static String sentence(SshMachine machine, boolean greeted, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String problem = problem(cause, greeted);
            if (!problem.isEmpty()) {
                return problem.formatted(machine.where(), machine.name());
            }
        }
        if (greeted) {
            String what = machine.privateKey().isPresent()
                    ? machine.password().isPresent() ? "the private key and the password" : "the private key"
                    : "the password";
            return "The machine %s of the compute target '%s' does not accept %s of the user '%s'."
                    .formatted(machine.where(), machine.name(), what, machine.user());
        }
        return "The machine %s of the compute target '%s' does not speak SSH: %s."
                .formatted(machine.where(), machine.name(), String.valueOf(failure.getMessage()));
    }

    /** What one exception says of the way to a machine; empty where it says nothing. */
    private static String problem(Throwable cause, boolean greeted) {
        if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
            return "The host of the machine %s of the compute target '%s' is not known.";
        }
        if (timedOut(cause)) {
            return greeted
                    ? ""
                    : "The machine %%s of the compute target '%%s' did not answer within %d s."
                            .formatted(ANSWER_WITHIN.toSeconds());
        }
        if (cause instanceof NoRouteToHostException) {
            return "There is no way to the machine %s of the compute target '%s'.";
        }
        return cause instanceof ConnectException
                ? "The machine %s of the compute target '%s' refuses connections."
                : "";
    }

    private static boolean timedOut(Throwable cause) {
        return cause instanceof TimeoutException
                || cause instanceof SocketTimeoutException
                || String.valueOf(cause.getMessage()).contains("timed out")
                || String.valueOf(cause.getMessage()).contains("timeout");
    }

    private static Optional<KeyPair> key(SshMachine machine) throws SshFailure {
        if (machine.privateKey().isEmpty()) {
            return Optional.empty();
        }
        byte[] text = machine.privateKey().get().strip().concat("\n").getBytes(StandardCharsets.UTF_8);
        try {
            Iterable<KeyPair> pairs = SecurityUtils.loadKeyPairIdentities(
                    null,
                    () -> "the private key of " + machine.name(),
                    new ByteArrayInputStream(text),
                    machine.passphrase().map(FilePasswordProvider::of).orElse(FilePasswordProvider.EMPTY));
            if (pairs != null && pairs.iterator().hasNext()) {
                return Optional.of(pairs.iterator().next());
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw unreadable(machine, e);
        }
        throw unreadable(machine, null);
    }

    /** Nothing of the reader's own words: they may hold some of the key. */
    private static SshFailure unreadable(SshMachine machine, @Nullable Exception cause) {
        String message = "The private key of the compute target '%s' cannot be read%s."
                .formatted(
                        machine.name(),
                        machine.passphrase().isPresent()
                                ? " with its passphrase"
                                : "; if it has a passphrase, name that too");
        return cause == null ? new SshFailure(message) : new SshFailure(message, cause);
    }

    /** Looks at the key of one connection's machine. */
    private final class HostKeyCheck {

        private final TargetId target;
        private final SshMachine machine;
        private volatile boolean seen;
        private volatile @Nullable String refusal;

        HostKeyCheck(TargetId target, SshMachine machine) {
            this.target = target;
            this.machine = machine;
        }

        boolean accepts(PublicKey key) {
            // With the address: who attaches another machine under the name says so by that.
            String address = machine.known() + " ";
            String shown = address + PublicKeyEntry.toString(key);
            String known = keys.find(target).orElse("");
            if (!known.startsWith(address)) {
                keys.remember(target, shown);
            } else if (!known.equals(shown)) {
                refusal =
                        ("The host key of the machine %s has changed since the compute target '%s' first used it: it is"
                                        + " %s now. If that is right, let the old one be forgotten: %s")
                                .formatted(
                                        machine.where(),
                                        machine.name(),
                                        KeyUtils.getFingerPrint(key),
                                        forget.formatted(target.workspace().value(), target.name()));
                return false;
            }
            seen = true;
            return true;
        }
    }
}
