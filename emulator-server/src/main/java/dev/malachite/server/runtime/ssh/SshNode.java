package dev.malachite.server.runtime.ssh;

import dev.malachite.engine.NodeId;
import dev.malachite.engine.TargetId;
import java.util.OptionalInt;

/**
 * What is noted of a node: its machine may be out of reach when it is asked about.
 *
 * @param folder on the machine, absolute; empty until the machine was entered for it
 * @param port on the machine's loopback that leads to us while the job runs; 0 until then
 * @param begun whether its job may have been started
 * @param exit of its job, once it is told
 */
record SshNode(NodeId id, TargetId target, int generation, String folder, int port, boolean begun, OptionalInt exit) {

    static SshNode fresh(NodeId id, TargetId target, int generation) {
        return new SshNode(id, target, generation, "", 0, false, OptionalInt.empty());
    }

    SshNode at(String newFolder, int newPort) {
        return new SshNode(id, target, generation, newFolder, newPort, begun, exit);
    }

    SshNode started() {
        return new SshNode(id, target, generation, folder, port, true, exit);
    }

    SshNode ended(int code) {
        return new SshNode(id, target, generation, folder, port, begun, OptionalInt.of(code));
    }

    /** Whether there is something on its machine. */
    boolean there() {
        return !folder.isEmpty();
    }

    /** Whether a job of it may run. */
    boolean busy() {
        return begun && exit.isEmpty();
    }

    String state() {
        return folder + "/state";
    }

    String work() {
        return folder + "/work";
    }

    String data() {
        return folder + "/data";
    }
}
