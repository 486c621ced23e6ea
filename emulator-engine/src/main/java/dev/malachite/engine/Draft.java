package dev.malachite.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A decision while it is being made: each change is applied at once, so that the next rule sees it, and remembered, so
 * that the store can write it. Lives within one call.
 */
final class Draft {

    /** Ended operations that are kept for clients that ask late; the oldest are forgotten first. */
    private static final int OPERATIONS_KEPT = 10_000;

    private final Instant now;
    private final List<Change> changes = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final Set<TargetId> touched = new LinkedHashSet<>();
    private final SequencedSet<JobId> moved = new LinkedHashSet<>();
    private State state;
    private long sequence;

    Draft(State state, Instant now) {
        this.state = state;
        this.now = now;
        this.sequence = state.sequence();
    }

    Instant now() {
        return now;
    }

    State state() {
        return state;
    }

    long nextSequence() {
        return ++sequence;
    }

    void put(Target target) {
        add(new Change.TargetPut(target));
        touched.add(target.id());
    }

    /** The cores of an instance come free for those who wait for some. */
    void removeTarget(TargetId id) {
        state.target(id).filter(Target::instance).ifPresent(target -> touchStarved(target.scope()));
        add(new Change.TargetRemoved(id));
        touched.add(id);
    }

    void put(Node node) {
        add(new Change.NodePut(node));
        touched.add(node.target());
    }

    /** Its cores come free for those who wait for some. */
    void remove(Node node) {
        add(new Change.NodeRemoved(node.id()));
        touched.add(node.target());
        state.target(node.target()).ifPresent(target -> touchStarved(target.scope()));
    }

    /** The sequence stays ahead of what a machine was ordered: a later one of that name begins after it. */
    void put(Instance instance) {
        sequence = Math.max(sequence, instance.order());
        add(new Change.InstancePut(instance));
        touched.add(instance.id());
    }

    void remove(Instance instance) {
        add(new Change.InstanceRemoved(instance.id()));
        touched.add(instance.id());
    }

    /** Has those looked at who wait for cores. */
    void touchStarved(QuotaScope scope) {
        touched.addAll(state.starved(scope));
    }

    void add(Job job, Attachment attachment) {
        add(new Change.JobAdded(job, attachment));
        touched.add(job.target());
    }

    void put(Job job) {
        add(new Change.JobPut(job));
        touched.add(job.target());
    }

    void end(Job job) {
        add(new Change.JobEnded(job));
        touched.add(job.target());
        ParentRules.ended(this, job.id(), job.phase());
    }

    void add(Parent parent, Attachment attachment) {
        add(new Change.ParentAdded(parent, attachment));
    }

    void put(Parent parent) {
        add(new Change.ParentPut(parent));
    }

    void end(Parent parent, List<JobId> children) {
        add(new Change.ParentEnded(parent, children));
        ParentRules.ended(this, parent.id(), parent.phase());
    }

    void put(Child child) {
        add(new Change.ChildPut(child));
    }

    void addEnded(JobId run, JobPhase how, @Nullable String error, Attachment attachment) {
        add(new Change.RunAdded(run, how, error, attachment));
    }

    /** Has the parent looked at when all else is decided. */
    void look(JobId parent) {
        moved.add(parent);
    }

    void put(Image image) {
        add(new Change.ImagePut(image));
    }

    void forget(ImageKey image) {
        add(new Change.ImageForgotten(image));
    }

    void put(Fault fault) {
        add(new Change.FaultPut(fault));
    }

    void remove(Fault fault) {
        add(new Change.FaultRemoved(fault.id()));
    }

    void limit(QuotaKey key, Optional<Long> limit) {
        add(new Change.LimitSet(key, limit));
    }

    void put(Operation operation) {
        add(new Change.OperationPut(operation));
        if (state.operations().size() > OPERATIONS_KEPT) {
            state.operations().stream()
                    .filter(Operation::done)
                    .findFirst()
                    .ifPresent(oldest -> add(new Change.OperationForgotten(oldest.id())));
        }
    }

    void tell(Event event) {
        events.add(event);
    }

    /** Has the target looked at again though nothing of it has changed. */
    void touch(TargetId target) {
        touched.add(target);
    }

    <R> Decision<R> decide(R reply) {
        while (!moved.isEmpty()) {
            ParentRules.look(this, moved.removeFirst());
        }
        if (sequence > state.sequence()) {
            add(new Change.Counted(sequence));
        }
        // In the order of touching: what is decided next must not hang on how a set is hashed.
        return new Decision<>(
                List.copyOf(changes), List.copyOf(events), Collections.unmodifiableSet(touched), state, reply);
    }

    private void add(Change change) {
        changes.add(change);
        state = state.apply(change);
    }
}
