package dev.malachite.engine;

import static dev.malachite.engine.Rule.must;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What really exists, whatever anybody believes: containers and the processes in them. It keeps the promises of the
 * server's runtimes (calls are idempotent by node and generation) and fails when it is made to run a job twice.
 */
final class World {

    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Map<NodeId, Container> containers = new TreeMap<>();
    /** Machines of instances, and whether they run. */
    final Map<TargetId, Boolean> machines = new TreeMap<>();

    private final Set<String> everStarted = new HashSet<>();

    /** A node's container. A followed one tells when its process ends; after a crash nobody follows. */
    private static final class Container {
        private final int generation;
        private boolean followed;
        private @Nullable JobProcess process;

        Container(int generation) {
            this.generation = generation;
        }
    }

    private static final class JobProcess {
        private final JobId job;
        private final int attempt;
        private final Work work;
        private Instant ends;
        private int exitCode;

        JobProcess(JobId job, int attempt, Work work, Instant ends) {
            this.job = job;
            this.attempt = attempt;
            this.work = work;
            this.ends = ends;
            this.exitCode = work.exitCode();
        }

        boolean lives(Instant now) {
            return ends.isAfter(now);
        }

        void end(Instant at, int code) {
            if (at.isBefore(ends)) {
                ends = at;
                exitCode = code;
            }
        }
    }

    /** What a job does on a node, by their names: its parts end at different times, and differently. */
    private record Work(Duration time, int exitCode, boolean ignoresTerm) {

        private static final int[] SECONDS = {0, 1, 20, 300, 5000};

        static Work of(JobId job, NodeId node) {
            int dice = Math.floorMod((job.run().hashCode() * 31 + node.value().hashCode()) * 31, 1000);
            return new Work(Duration.ofSeconds(SECONDS[dice % SECONDS.length]), dice % 7 == 0 ? 1 : 0, dice % 11 == 0);
        }
    }

    void open(NodeId node, int generation) {
        Container there = containers.get(node);
        if (there != null && there.generation == generation) {
            return;
        }
        must(there == null || there.generation < generation, "a node is opened anew as an older generation", node);
        containers.put(node, new Container(generation));
    }

    /** Starts the attempt or follows it; false when there is no such container. */
    boolean start(NodeId node, int generation, JobId job, int attempt, Instant now) {
        Container container = containers.get(node);
        if (container == null || container.generation != generation) {
            return false;
        }
        if (container.process == null) {
            containers.forEach((other, elsewhere) -> {
                JobProcess process = elsewhere.process;
                must(
                        process == null
                                || !process.job.equals(job)
                                || process.attempt == attempt
                                || !process.lives(now),
                        "an attempt starts while an earlier one runs elsewhere",
                        attempt,
                        job,
                        node,
                        other);
            });
            must(
                    everStarted.add(job + " " + attempt + " " + node),
                    "an attempt starts twice on a node",
                    attempt,
                    job,
                    node);
            Work work = Work.of(job, node);
            container.process = new JobProcess(job, attempt, work, now.plus(work.time()));
        }
        JobProcess runs = container.process;
        must(
                runs.job.equals(job) && runs.attempt == attempt,
                "a container is to run a second job",
                node,
                job,
                runs.job);
        container.followed = true;
        return true;
    }

    /** Has the job end soon and follows it; false when there is none. */
    boolean stop(NodeId node, int generation, Instant now) {
        Container container = containers.get(node);
        if (container == null || container.generation != generation || container.process == null) {
            return false;
        }
        JobProcess process = container.process;
        if (process.work.ignoresTerm()) {
            process.end(now.plus(GRACE), 137);
        } else {
            process.end(now, 143);
        }
        container.followed = true;
        return true;
    }

    void close(NodeId node) {
        containers.remove(node);
    }

    /** Somebody else kills what runs there, if anything does. */
    void killProcess(NodeId node, Instant now) {
        Container container = containers.get(node);
        if (container != null && container.process != null) {
            container.process.end(now, 137);
        }
    }

    /** Ends that are now seen by those who follow, each once. */
    List<Command.Observation> ends(Instant now) {
        List<Command.Observation> seen = new ArrayList<>();
        containers.forEach((node, container) -> {
            JobProcess process = container.process;
            if (container.followed && process != null && !process.lives(now)) {
                container.followed = false;
                seen.add(new Command.JobExited(node, container.generation, process.exitCode));
            }
        });
        return seen;
    }

    /** When the next process that is followed ends. */
    List<Instant> comingEnds() {
        return containers.values().stream()
                .filter(container -> container.followed)
                .flatMap(container -> Stream.ofNullable(container.process))
                .map(process -> process.ends)
                .sorted()
                .toList();
    }

    void nobodyFollows() {
        containers.values().forEach(container -> container.followed = false);
    }

    boolean isUp(TargetId target) {
        return machines.getOrDefault(target, false);
    }

    List<NodeId> nodes() {
        return List.copyOf(containers.keySet());
    }

    /** The generation of a node's container, 0 for none. */
    int generation(NodeId node) {
        Container container = containers.get(node);
        return container == null ? 0 : container.generation;
    }

    /** Whether it waits for a job, or runs one that has not ended. */
    boolean runs(NodeId node, Instant now) {
        Container container = containers.get(node);
        return container != null && (container.process == null || container.process.lives(now));
    }

    long liveProcesses(Instant now) {
        return containers.values().stream()
                .filter(container -> container.process != null && container.process.lives(now))
                .count();
    }
}
