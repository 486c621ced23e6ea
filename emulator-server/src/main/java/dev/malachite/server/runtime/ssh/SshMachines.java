package dev.malachite.server.runtime.ssh;

import dev.malachite.engine.TargetId;
import java.util.Optional;

/** Knows which machine stands behind a compute target. */
public interface SshMachines {

    /** Empty when the target is gone, or is none that is entered over SSH. */
    Optional<SshMachine> find(TargetId target);
}
