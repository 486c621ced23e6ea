package dev.malachite.testkit.client;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that there is at one moment.
 *
 * @param now the emulator's time
 * @param runtime where new nodes are made: {@code docker}, {@code process} or {@code simulated}
 * @param workspaces all of them
 * @param targets all compute targets with their nodes
 * @param jobs those that run, and of each target the first hundred that wait
 * @param runs the last fifty
 */
public record Overview(
        Instant now,
        String runtime,
        List<Workspace> workspaces,
        List<Target> targets,
        List<Explanation> jobs,
        List<Run> runs) {

    /** All nodes of all targets. */
    public List<Node> nodes() {
        return targets.stream().flatMap(target -> target.nodes().stream()).toList();
    }

    /** The nodes of the targets of that name, in whichever workspace. */
    public List<Node> nodes(String target) {
        return targets.stream()
                .filter(candidate -> candidate.name().equalsIgnoreCase(target))
                .flatMap(found -> found.nodes().stream())
                .toList();
    }

    /** The node that runs the job. */
    public Optional<Node> nodeOf(String run) {
        return nodes().stream()
                .filter(node -> node.job().filter(run::equals).isPresent())
                .findFirst();
    }

    /**
     * A workspace.
     *
     * @param id the emulator's own id, a GUID
     */
    public record Workspace(String id, String name, String subscription, String resourceGroup) {}

    /**
     * A compute target.
     *
     * @param workspaceId its workspace's {@link Workspace#id()}
     * @param kind Azure's {@code computeType}, for example {@code AmlCompute}
     * @param vmSize for example {@code STANDARD_D2_V2}
     * @param vmPriority {@code dedicated} or {@code lowpriority}
     * @param minNodes nodes that it always has
     * @param maxNodes nodes that it has at most
     * @param idleSeconds after how many seconds without a job a node leaves
     * @param jobsAtOnce how many jobs a compute instance runs beside each other
     * @param state a compute instance's, in the service's words: {@code Running}, {@code Stopped} and so on
     * @param provisioning the state of the resource, for example {@code succeeded}
     * @param waiting how many jobs wait for it
     * @param errors why nodes could not be made
     */
    public record Target(
            String workspaceId,
            String name,
            String kind,
            Optional<String> vmSize,
            Optional<String> vmPriority,
            Optional<Integer> minNodes,
            Optional<Integer> maxNodes,
            Optional<Long> idleSeconds,
            Optional<Integer> jobsAtOnce,
            Optional<String> state,
            String provisioning,
            int waiting,
            List<String> errors,
            List<Node> nodes) {}

    /**
     * A node.
     *
     * @param id what {@link Nodes#evict(String)} takes
     * @param state in the service's words: {@code preparing}, {@code idle}, {@code running}, {@code leaving},
     *     {@code preempted}, {@code unusable}
     * @param since the beginning of that state, on the emulator's clock
     * @param job the run that it executes
     * @param leavesAt when it leaves if nothing comes, on the emulator's clock
     */
    public record Node(
            String id, String state, boolean ready, Instant since, Optional<String> job, Optional<Instant> leavesAt) {}

    /**
     * A run.
     *
     * @param status in the service's words: {@code Completed}, {@code Failed} and so on
     * @param target where it was sent; absent for one that is not executed here
     * @param error why it failed
     */
    public record Run(
            String workspaceId,
            String runId,
            String experiment,
            Optional<String> target,
            String status,
            Instant created,
            Optional<Instant> started,
            Optional<Instant> ended,
            Optional<String> error) {}
}
