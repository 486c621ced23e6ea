package dev.malachite.server.runtime;

import dev.malachite.engine.MachineAccess;
import dev.malachite.engine.TargetId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Makes and runs the machines of compute instances. Every call is idempotent by instance: the loop repeats it after a crash.
 * Calls block, on a virtual thread of the dispatcher's, and end within a deadline of the runtime's own; those about one
 * instance take turns. A call that fails with {@link RuntimeAway} says nothing of the machine and is worth another try; any
 * other failure is about what was asked.
 */
public interface InstanceRuntime {

    /** The header in which the key of a Jupyter server is shown. */
    String KEY_HEADER = "X-Malachite-Key";

    /**
     * Has the machine running, and returns when its servers answer. One that is not there is made; a stopped one is started
     * with the disk that it had; the size of one that is there is brought to the one that is asked for.
     */
    MachineAccess start(InstanceSpec instance) throws IOException;

    /**
     * Runs a setup script in the running machine, as root in the user's home. One that was begun for the same order is
     * followed, whoever began it, and never begun again.
     *
     * @param order grows from script to script of an instance
     * @param log where what it prints is appended to as it is printed, both streams
     * @return its exit code; 124 when it was ended because its time was up
     */
    int runScript(TargetId instance, int order, SetupScript script, Path log) throws IOException;

    /** Stops the machine and keeps its disk; SIGTERM and, after {@code grace}, SIGKILL. Nothing there is no error. */
    void stop(TargetId instance, Duration grace) throws IOException;

    /** Removes the machine and its disk; nothing there is no error. */
    void remove(TargetId instance) throws IOException;

    /**
     * Has the Jupyter server of a running machine answering, and says where; empty where the machine does not run. A runtime
     * may start the server only now.
     */
    Optional<Notebooks> notebooks(TargetId instance) throws IOException;

    /** Where we reach the sshd of a running machine; empty where the machine does not run or has none. */
    default Optional<InetSocketAddress> ssh(TargetId instance) throws IOException {
        return Optional.empty();
    }

    /** When somebody last did something in it: a kernel, a terminal, an SSH session; empty when nobody has since its start. */
    Optional<Instant> lastActivity(TargetId instance) throws IOException;

    /** What there is of ours, whoever made it. */
    List<Found> listInstances() throws IOException;

    /**
     * A machine that was found.
     *
     * @param running false for a stopped one
     */
    record Found(TargetId instance, boolean running) {}

    /**
     * A machine's Jupyter server.
     *
     * @param address for example {@code http://10.142.3.9:8888}, no slash at the end
     * @param path below which it serves, as {@link InstanceSpec#notebooksPath} had it
     * @param key what a request shows in the header {@value #KEY_HEADER}; nobody but the emulator may see it
     */
    record Notebooks(String address, String path, String key) {

        /** Without the key. */
        @Override
        public String toString() {
            return "Notebooks[" + address + path + "]";
        }
    }

    /**
     * A setup script.
     *
     * @param content what the file holds
     * @param arguments the line as given: {@code scriptArguments}, for a shell
     * @param limit how long it may take
     */
    @SuppressWarnings("ArrayRecordComponent") // a file's bytes, handed over once and compared by nobody
    record SetupScript(String name, byte[] content, String arguments, Duration limit) {}
}
