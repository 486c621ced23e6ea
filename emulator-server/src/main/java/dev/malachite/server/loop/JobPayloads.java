package dev.malachite.server.loop;

import dev.malachite.engine.ImageKey;
import dev.malachite.engine.JobId;
import dev.malachite.engine.NodeId;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.runtime.JobStart;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.runtime.NodeRuntime.FileSink;
import dev.malachite.server.runtime.NodeSpec;
import dev.malachite.server.runtime.PreparedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What a job is made of beyond what the engine knows: read when it starts, so that waiting jobs cost nothing. */
public interface JobPayloads {

    /** What the image is made from; empty for one that nobody has asked for. */
    Optional<ImageDefinition> image(ImageKey key) throws IOException;

    /** Where the lines of an image's build go: the logs of the jobs that wait for it. */
    Consumer<String> buildLog(ImageKey key) throws IOException;

    /** Everything that a node needs to run its part of the attempt. */
    JobStart start(JobId job, int attempt, NodeSpec node, NodeRuntime runtime, PreparedImage image) throws IOException;

    /** Where what the job's processes on the node print is appended to. */
    List<Path> logs(JobId job, NodeId node) throws IOException;

    /** Takes what the job left. */
    FileSink outputs(JobId job);

    /** What the job left below its node's data folder, and who takes it. */
    List<Kept> named(JobId job) throws IOException;

    /**
     * A folder of an ended job's node.
     *
     * @param folder relative to the data folder
     */
    record Kept(String folder, FileSink sink) {}

    /** What an attempt left is kept; returns when its end may be told. May be said again. */
    void ended(JobId job, int attempt, int exitCode);

    /**
     * What to tell the user of a job whose process on the node did not end well.
     *
     * @param detail what the runtime knows beyond the exit code; may be empty
     */
    String failure(JobId job, NodeId node, int exitCode, String detail);
}
