package dev.malachite.server.job;

import dev.malachite.engine.Job;
import dev.malachite.engine.JobId;
import dev.malachite.engine.NodeId;
import dev.malachite.server.artifact.Artifacts;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.run.Runs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Knows which processes a job has on a node, and where the log of each is. */
@Component
class JobLogs {

    private final ObjectProvider<ControlLoop> loop;
    private final Runs runs;
    private final Artifacts artifacts;
    private final EarlierLogs earlier;

    JobLogs(ObjectProvider<ControlLoop> loop, Runs runs, Artifacts artifacts) {
        this.loop = loop;
        this.runs = runs;
        this.artifacts = artifacts;
        this.earlier = new EarlierLogs(artifacts);
    }

    /** The nodes of the job's attempt; none when it has gone on meanwhile. */
    List<NodeId> nodes(JobId job) {
        return loop.getObject().state().job(job).map(Job::nodes).orElse(List.of());
    }

    /** The node's place among those of the job. */
    int place(JobId job, NodeId node) throws IOException {
        int place = nodes(job).indexOf(node);
        if (place < 0) {
            throw new IOException("Node %s is none of job %s".formatted(node, job.run()));
        }
        return place;
    }

    Processes processes(JobId job) {
        return new Processes(runs.definition(job.workspace(), job.run())
                .map(Distribution::of)
                .orElseGet(() -> new Distribution.Plain(1)));
    }

    List<Path> of(JobId job, NodeId node) throws IOException {
        List<Path> logs = new ArrayList<>();
        for (String name : processes(job).logs(place(job, node))) {
            logs.add(file(job, name));
        }
        return logs;
    }

    /** Where the attempt's log begins: that of an earlier one has been set aside. */
    Path begin(JobId job, int attempt, String name) throws IOException {
        earlier.setAside(job, attempt, name);
        return file(job, name);
    }

    /** As {@link #begin} for a first attempt, but its folders are left to whoever has something to write. */
    Path place(JobId job, String name) throws IOException {
        return artifacts.logPlace(job.workspace(), job.run(), name);
    }

    /** What to say of a failure on the node: which log it is in, and how that ends. */
    String failure(JobId job, NodeId node, int exitCode) throws IOException {
        List<String> names = processes(job).logs(place(job, node));
        // What a process that fails beside others says at its end: ranks.sh.
        String lastWords = "This process ended with exit code %d.".formatted(exitCode);
        String found = names.getFirst();
        String tail = LogTail.read(file(job, found));
        for (String name : names) {
            String its = LogTail.read(file(job, name));
            if (its.endsWith(lastWords)) {
                found = name;
                tail = its;
                break;
            }
        }
        String where = found.equals(Processes.LOG) ? "" : " Please check log file '%s'.".formatted(found);
        return tail.isEmpty() ? where : where + " The end of its log:\n" + tail;
    }

    private Path file(JobId job, String name) throws IOException {
        return artifacts.logFile(job.workspace(), job.run(), name);
    }
}
