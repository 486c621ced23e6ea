package dev.malachite.engine;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PSortedMap;
import org.pcollections.PSortedSet;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * The part of the state that is about cores and computes: what was allowed, what is in use, and who waits for some. The last two
 * follow from targets and nodes; they are kept so that nobody has to count.
 */
final class Limits {

    private static final Limits NONE = new Limits(TreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty());

    private final PSortedMap<QuotaKey, Long> set;
    private final PMap<QuotaKey, Long> used;
    private final PMap<QuotaScope, PSortedSet<TargetId>> starved;

    private Limits(
            PSortedMap<QuotaKey, Long> set, PMap<QuotaKey, Long> used, PMap<QuotaScope, PSortedSet<TargetId>> starved) {
        this.set = set;
        this.used = used;
        this.starved = starved;
    }

    static Limits none() {
        return NONE;
    }

    Optional<Long> set(QuotaKey key) {
        return Optional.ofNullable(set.get(key));
    }

    Map<QuotaKey, Long> all() {
        return set;
    }

    long used(QuotaKey key) {
        return used.getOrDefault(key, 0L);
    }

    Set<QuotaKey> inUse() {
        return used.keySet();
    }

    Collection<TargetId> starved(QuotaScope scope) {
        PSortedSet<TargetId> found = starved.get(scope);
        return found == null ? List.of() : found;
    }

    Limits limit(QuotaKey key, Optional<Long> limit) {
        return new Limits(limit.map(cores -> set.plus(key, cores)).orElseGet(() -> set.minus(key)), used, starved);
    }

    /** With {@code times} more nodes of the target. */
    Limits counted(Target target, int times) {
        PMap<QuotaKey, Long> next = used;
        for (QuotaKey key : QuotaRules.keys(target)) {
            next = plus(next, key, (long) times * target.size().vCpus());
        }
        return new Limits(set, next, starved);
    }

    Limits with(Target target) {
        return target.starved() == starved(target.scope()).contains(target.id())
                ? this
                : waiting(target, target.starved());
    }

    Limits without(Target target) {
        Limits rest = (target.instance() ? counted(target, -1) : this).computes(target, -1);
        return starved(target.scope()).contains(target.id()) ? rest.waiting(target, false) : rest;
    }

    /** Instead of what the target was. The cores of an instance are in use for as long as it exists. */
    Limits replaced(Optional<Target> before, Target target) {
        Limits known = before.isPresent() ? this : computes(target, 1);
        if (!target.instance()) {
            return known.with(target);
        }
        return before.map(had -> known.counted(had, -1))
                .orElse(known)
                .counted(target, 1)
                .with(target);
    }

    /** With so many more computes, where the target counts as one. */
    private Limits computes(Target target, int more) {
        if (!QuotaRules.isCompute(target.kind())) {
            return this;
        }
        return new Limits(set, plus(used, new QuotaKey(target.scope(), QuotaKey.COMPUTES), more), starved);
    }

    /** What is not in use at all is not kept. */
    private static PMap<QuotaKey, Long> plus(PMap<QuotaKey, Long> used, QuotaKey key, long more) {
        long sum = used.getOrDefault(key, 0L) + more;
        return sum == 0 ? used.minus(key) : used.plus(key, sum);
    }

    private Limits waiting(Target target, boolean waits) {
        PSortedSet<TargetId> before = starved.getOrDefault(target.scope(), TreePSet.<TargetId>empty());
        PSortedSet<TargetId> after = waits ? before.plus(target.id()) : before.minus(target.id());
        return new Limits(
                set, used, after.isEmpty() ? starved.minus(target.scope()) : starved.plus(target.scope(), after));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Limits limits && parts().equals(limits.parts());
    }

    @Override
    public int hashCode() {
        return parts().hashCode();
    }

    @Override
    public String toString() {
        return "Limits" + parts();
    }

    private List<Object> parts() {
        return List.of(set, used, starved);
    }
}
