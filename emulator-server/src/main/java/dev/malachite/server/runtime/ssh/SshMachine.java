package dev.malachite.server.runtime.ssh;

import java.util.Optional;

/**
 * A machine that jobs run on, and how it is entered.
 *
 * @param name what its compute target is called
 * @param host name or address
 * @param privateKey in any form that OpenSSH writes
 * @param passphrase of the private key
 * @param made tells a machine of ours from a later one of its name; empty for a user's own
 */
public record SshMachine(
        String name,
        String host,
        int port,
        String user,
        Optional<String> password,
        Optional<String> privateKey,
        Optional<String> passphrase,
        Optional<String> made) {

    String where() {
        return host + ":" + port;
    }

    /** Under what its host key is known. */
    String known() {
        return where() + made.map(mark -> "#" + mark).orElse("");
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "SshMachine[" + user + "@" + where() + "]";
    }
}
