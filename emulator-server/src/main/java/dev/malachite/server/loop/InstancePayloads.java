package dev.malachite.server.loop;

import dev.malachite.engine.Target;
import dev.malachite.engine.TargetId;
import dev.malachite.server.runtime.InstanceRuntime.SetupScript;
import dev.malachite.server.runtime.InstanceSpec;
import dev.malachite.server.runtime.NodeRuntime;
import java.io.IOException;
import java.nio.file.Path;

/** What the machine of a compute instance is made of beyond what the engine knows. */
public interface InstancePayloads {

    /** Everything that its start needs. */
    InstanceSpec spec(Target target, NodeRuntime runtime) throws IOException;

    /**
     * One of its setup scripts.
     *
     * @param creation whether that of the creation is meant, or that of each start
     * @throws IOException when it cannot be had; the message is for the user
     */
    SetupScript script(Target target, boolean creation) throws IOException;

    /** Where the output of its scripts goes. */
    Path log(TargetId target) throws IOException;

    /** Removes what is kept of one that is no more. */
    void forget(TargetId target) throws IOException;
}
