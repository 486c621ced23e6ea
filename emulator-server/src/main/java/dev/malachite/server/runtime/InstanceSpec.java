package dev.malachite.server.runtime;

import dev.malachite.engine.TargetId;
import java.util.Map;
import java.util.Optional;

/**
 * What a runtime must make for a compute instance, or for a machine that is entered over SSH alone.
 *
 * @param name its host name
 * @param cpus share of the host, 1 or more; a bigger VM size than the host has is cut to the host
 * @param memoryMib limit
 * @param sshPublicKey in OpenSSH's form, of the user {@code azureuser}; empty without SSH
 * @param environment of everything that runs in it; a token is in it, so it is never logged
 * @param files written below the user's home at each start, by relative path: the workspace's {@code config.json}
 * @param certificate PEM of the emulator's CA, added to the bundle that the machine trusts
 * @param notebooksPath below which its Jupyter server serves, for example {@code /instances/ws/ci1/}
 * @param login of a machine that is entered over SSH alone and has no Jupyter server; empty for a compute instance
 */
public record InstanceSpec(
        TargetId id,
        String name,
        int cpus,
        long memoryMib,
        Optional<String> sshPublicKey,
        Map<String, String> environment,
        Map<String, String> files,
        String certificate,
        String notebooksPath,
        Optional<MachineLogin> login) {

    /** Without the environment, which holds a token. */
    @Override
    public String toString() {
        return "InstanceSpec[" + id + "]";
    }
}
