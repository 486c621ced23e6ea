package dev.malachite.server.runtime.ssh;

import dev.malachite.server.runtime.RuntimeAway;

/** A machine that cannot be entered at the moment, though it could before. */
final class MachineAway extends RuntimeAway {

    private static final long serialVersionUID = 1;

    MachineAway(SshFailure failure) {
        super(String.valueOf(failure.getMessage()), failure);
    }
}
