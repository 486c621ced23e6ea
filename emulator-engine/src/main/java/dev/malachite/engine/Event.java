package dev.malachite.engine;

import java.util.Optional;

/**
 * Something that happened, with its reason, for people and for tests that wait for it.
 *
 * @param type a word such as {@code job.running}, {@code node.leaving}
 * @param message one sentence
 */
public record Event(
        String type, Optional<TargetId> target, Optional<NodeId> node, Optional<JobId> job, String message) {

    static Event of(Target target, String type, String message) {
        return new Event(type, Optional.of(target.id()), Optional.empty(), Optional.empty(), message);
    }

    static Event of(Node node, String type, String message) {
        return new Event(type, Optional.of(node.target()), Optional.of(node.id()), node.job(), message);
    }

    static Event of(Parent parent, String type, String message) {
        return new Event(type, Optional.empty(), Optional.empty(), Optional.of(parent.id()), message);
    }

    static Event of(Job job, String type, String message) {
        return new Event(type, Optional.of(job.target()), Optional.empty(), Optional.of(job.id()), message);
    }
}
