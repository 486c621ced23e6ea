package dev.malachite.engine;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * Parents that have not ended, and their children: a part of the {@link State}, as immutable as it.
 *
 * @param byRun where a child is found by its run: the parent and the name
 */
record Families(
        PSortedMap<Long, Parent> bySequence,
        PMap<JobId, Parent> byId,
        PMap<JobId, PSortedMap<String, Child>> childrenOf,
        PMap<JobId, Child> byRun) {

    private static final Families NONE =
            new Families(TreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty());

    static Families none() {
        return NONE;
    }

    /** In the order of submission. */
    Collection<Parent> parents() {
        return bySequence.values();
    }

    Optional<Parent> parent(JobId id) {
        return Optional.ofNullable(byId.get(id));
    }

    Map<String, Child> children(JobId parent) {
        PSortedMap<String, Child> found = childrenOf.get(parent);
        return found == null ? Map.of() : found;
    }

    Optional<Child> childOf(JobId run) {
        return Optional.ofNullable(byRun.get(run));
    }

    Families with(Parent parent) {
        return new Families(
                bySequence.plus(parent.sequence(), parent), byId.plus(parent.id(), parent), childrenOf, byRun);
    }

    Families with(Child child) {
        return new Families(
                bySequence,
                byId,
                childrenOf.plus(child.parent(), known(child.parent()).plus(child.name(), child)),
                byRun.plus(child.run(), child));
    }

    Families without(JobId id) {
        @Nullable Parent parent = byId.get(id);
        return parent == null
                ? this
                : new Families(
                        bySequence.minus(parent.sequence()),
                        byId.minus(id),
                        childrenOf.minus(id),
                        byRun.minusAll(
                                known(id).values().stream().map(Child::run).toList()));
    }

    private PSortedMap<String, Child> known(JobId parent) {
        PSortedMap<String, Child> found = childrenOf.get(parent);
        return found == null ? TreePMap.empty() : found;
    }
}
