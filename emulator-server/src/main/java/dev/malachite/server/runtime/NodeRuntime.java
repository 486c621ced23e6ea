package dev.malachite.server.runtime;

import dev.malachite.engine.NodeId;
import dev.malachite.engine.RuntimeKind;
import dev.malachite.engine.TargetId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Makes nodes and runs jobs on them. Every call is idempotent by (node, generation): the loop repeats it after a crash.
 * Calls block, on a virtual thread of the dispatcher's, and end within a deadline of the runtime's own; what happens
 * later is told to the {@link RuntimeObserver}. Calls about one node take turns. A call that fails with {@link RuntimeAway} says nothing of nodes and jobs
 * and is worth another try; any other failure is about what was asked.
 */
public interface NodeRuntime extends AutoCloseable {

    RuntimeKind kind();

    /** What is wrong with what it needs, as far as it knows; asks nobody. */
    default Optional<String> problem() {
        return Optional.empty();
    }

    /** Whether jobs on nodes with GPUs find some: whatever their number is, they are those of the host. */
    default boolean hasGpus() throws IOException {
        return false;
    }

    /** The machines of compute instances, made by the same means; empty for a runtime that makes none. */
    default Optional<InstanceRuntime> instances() {
        return Optional.empty();
    }

    /** How a job inside reaches the emulator, for example {@code https://malachite.internal:10443}; no slash at the end. */
    String emulatorUrl();

    /** The same for the jobs of one node, where nodes differ in it; it may have to be asked of the node. */
    default String emulatorUrl(NodeSpec node) throws IOException {
        return emulatorUrl();
    }

    /**
     * The address of this machine, beside loopback, on which jobs look for the emulator's HTTPS port; empty when they need
     * none. A listener there must take run tokens only. It is there when this returns; after somebody's clean-up of the
     * engine it may be another one.
     */
    default Optional<String> gatewayAddress() throws IOException {
        return Optional.empty();
    }

    /** The port of that listener, where it need not be the emulator's HTTPS port. */
    default OptionalInt gatewayPort() {
        return OptionalInt.empty();
    }

    /**
     * Has the image ready, building it if need be; what it does goes to {@code log} line by line.
     *
     * @throws ImageFailure when it cannot be had
     */
    PreparedImage prepareImage(ImageDefinition definition, Consumer<String> log) throws ImageFailure;

    /**
     * Makes the node's fresh container and returns when it waits for a job. An older generation of the same node is
     * removed first.
     */
    void openNode(NodeSpec node) throws IOException;

    /**
     * Where the nodes of a job find each other; the same answer for as long as the first of them has that container.
     *
     * @param nodes open ones of one target
     * @param generation of the first node
     * @param wished ports, as many as the job needs; others are given where others would be in the way
     */
    default Meeting meet(List<NodeId> nodes, int generation, List<Integer> wished) throws IOException {
        return new Meeting(nodes.stream().map(NodeId::value).toList(), wished);
    }

    /**
     * Starts the job on an open node, or, if it was started already, follows it again: its log from where the file ends,
     * and its exit. Returns when it runs.
     */
    void startJob(NodeSpec node, JobStart job) throws IOException;

    /**
     * Ends the job, SIGTERM and after {@code grace} SIGKILL, and returns when its process has ended: what its handler of
     * the signal wrote can be collected then. Always leads to an observation: a job that was started is followed if
     * nobody follows it, so its exit is told, one that lies in the past too; one that never was, or whose node is gone,
     * makes the node lost. Simulated jobs end in the emulator's time and are not waited for.
     *
     * @param logs those that the job was started with
     */
    void stopJob(NodeId node, int generation, List<Path> logs, Duration grace) throws IOException;

    /** Hands over the files below {@code outputs/} and {@code logs/} that an ended job left, each with its relative path. */
    void collect(NodeId node, int generation, FileSink sink) throws IOException;

    /** Where the node's job finds its inputs and leaves its named outputs: an absolute path as the job sees it. */
    String dataFolder(NodeSpec node) throws IOException;

    /**
     * Hands over the files below one folder of the data folder that an ended job left, each with its path relative to that
     * folder; no such folder is no error.
     */
    void collectData(NodeId node, int generation, String folder, FileSink sink) throws IOException;

    /** Whether people can be let in to its nodes, by {@link #enter}. */
    default boolean enterable() {
        return false;
    }

    /**
     * Begins a shell, or a command, on an open node: in the folder of its job, beside that job or before it.
     *
     * @throws IOException when nobody can enter; the message is a sentence for the user
     */
    default NodeShell enter(NodeId node, int generation, NodeShell.Wish wish) throws IOException {
        throw new IOException("Nobody can log in to node %s.".formatted(node));
    }

    /** Removes all that bears the node's name, a running job's container too; nothing there is no error. */
    void closeNode(NodeId node) throws IOException;

    /** Removes what the nodes of a target shared, its network; nothing there is no error. */
    void closeTarget(TargetId target) throws IOException;

    /** What there is of ours, whoever made it. */
    List<Found> list() throws IOException;

    /** Lets go of everything without ending it: nodes and jobs go on, and the next runtime on the same data finds them. */
    @Override
    void close();

    /**
     * A container that was found.
     *
     * @param running false when its process has ended
     */
    record Found(NodeId node, int generation, boolean running) {}

    /** Takes one collected file. */
    interface FileSink {
        void file(String path, InputStream content) throws IOException;
    }
}
