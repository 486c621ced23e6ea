package dev.malachite.testkit.client;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened, with its reason.
 *
 * @param number counts up; says which came first
 * @param at on the emulator's clock
 * @param type a word such as {@code job.queued}, {@code job.running}, {@code job.completed}, {@code node.preparing},
 *     {@code node.ready}, {@code node.preempted}, {@code node.gone}
 * @param workspaceId the emulator's own id of the workspace
 * @param target the compute target, in lower case
 * @param node the node's id
 * @param runId the run, which is the job's name
 * @param message one sentence
 */
public record Event(
        long number,
        Instant at,
        String type,
        Optional<String> workspaceId,
        Optional<String> target,
        Optional<String> node,
        Optional<String> runId,
        String message) {

    /** Whether it is of that type. */
    public boolean is(String other) {
        return type.equals(other);
    }

    /** Whether it is of that type and happened to that run. */
    public boolean is(String other, String run) {
        return is(other) && runId.filter(run::equals).isPresent();
    }
}
