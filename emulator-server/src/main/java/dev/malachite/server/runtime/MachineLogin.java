package dev.malachite.server.runtime;

import java.util.Optional;

/**
 * Who is let in over SSH to a machine, or to the nodes of a cluster.
 *
 * @param publicKey in OpenSSH's form
 */
public record MachineLogin(String user, Optional<String> password, Optional<String> publicKey) {

    /** Without the password. */
    @Override
    public String toString() {
        return "MachineLogin[" + user + "]";
    }
}
