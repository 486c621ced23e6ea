package dev.malachite.engine;

import java.util.Optional;

/**
 * How a machine is reached, as its runtime said at its last start.
 *
 * @param sshPort a port of the emulator's machine that leads to its sshd
 * @param privateAddress its address on its network
 */
public record MachineAccess(Optional<Integer> sshPort, Optional<String> privateAddress) {

    /** Of a machine that nobody can reach. */
    public static final MachineAccess NONE = new MachineAccess(Optional.empty(), Optional.empty());
}
