package dev.malachite.server.runtime.ssh;

import java.util.Optional;

/**
 * A machine that jobs run on, and how it is entered.
 *
 * @param name what its compute target is called
 * @param host name or address
 * @param privateKey in any form that OpenSSH writes
 * @param passphrase of the private key
 */
public record SshMachine(
        String name,
        String host,
        int port,
        String user,
        Optional<String> password,
        Optional<String> privateKey,
        Optional<String> passphrase) {

    String where() {
        return host + ":" + port;
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "SshMachine[" + user + "@" + where() + "]";
    }
}
