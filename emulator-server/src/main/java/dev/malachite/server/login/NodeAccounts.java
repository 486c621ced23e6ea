package dev.malachite.server.login;

import dev.malachite.engine.TargetId;
import dev.malachite.server.runtime.MachineLogin;
import java.util.Optional;

/** Knows who may log in to the nodes of a cluster. */
public interface NodeAccounts {

    /** Empty where nobody may, or the cluster is gone. */
    Optional<MachineLogin> find(TargetId cluster);
}
