package dev.malachite.engine;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** How many cores a subscription may use in a region, and what follows when it wants more. */
public final class QuotaRules {

    /** The upper end of what new subscriptions get (service-facts.md, Quota: dedicated 24 to 300, low-priority 100 to 3000). */
    private static final int DEDICATED = 300;

    private static final int LOW_PRIORITY = 3000;

    /** Of a region; an instance counts as a cluster of one node (service-facts, Limits). */
    private static final int COMPUTES = 500;

    /** That differ from the default; each is a row, and a part of every state that is written down. */
    private static final int MOST_LIMITS = 20_000;

    /** Families of the service's documents that must be asked for; so must all with GPUs (document 002). */
    private static final Set<String> ON_APPROVAL =
            Set.of("standardhbsfamily", "standardhbrsv2family", "standardhcsfamily", "standardmsfamily");

    private QuotaRules() {}

    /** What is allowed; {@code gpus} tells whether machines of the family have any. A workspace has no bound of its own at first. */
    public static long limit(State state, QuotaKey key, boolean gpus) {
        return state.limit(key).orElseGet(() -> standard(key, gpus));
    }

    private static long standard(QuotaKey key, boolean gpus) {
        if (key.workspace().isPresent()) {
            return Long.MAX_VALUE;
        }
        return switch (key.pool()) {
            case QuotaKey.LOW_PRIORITY -> LOW_PRIORITY;
            case QuotaKey.TOTAL -> DEDICATED;
            case QuotaKey.COMPUTES -> COMPUTES;
            default -> gpus || ON_APPROVAL.contains(key.pool().toLowerCase(Locale.ROOT)) ? 0 : DEDICATED;
        };
    }

    /** Whether it is a cluster or an instance, but none that is made for one job or lies elsewhere, as machines of one's own do. */
    static boolean isCompute(ComputeKind kind) {
        return switch (kind) {
            case ComputeKind.AmlCompute _, ComputeKind.ComputeInstance _ -> true;
            case ComputeKind.Serverless _, ComputeKind.MadeMachine _, ComputeKind.Elsewhere _ -> false;
        };
    }

    /**
     * Refuses one compute too many. The words are the service's (MachineLearningNotebooks#613), which takes the request and
     * lets its operation fail with them.
     */
    static void refuseAnother(State state, Target target) {
        QuotaKey key = new QuotaKey(target.scope(), QuotaKey.COMPUTES);
        long limit = limit(state, key, false);
        if (isCompute(target.kind()) && state.used(key) >= limit) {
            throw new Refusal(
                    Refusal.Kind.INVALID,
                    "QuotaExceeded",
                    "Operation results in exceeding quota limits of Microsoft.BatchAI/Clusters. Maximum allowed: %d, Current in use: %d, Additional requested: 1."
                            .formatted(limit, state.used(key)));
        }
    }

    /** The limits that a node of the target counts against. */
    static List<QuotaKey> keys(Target target) {
        if (target.kind() instanceof ComputeKind.Elsewhere) {
            return List.of();
        }
        QuotaScope scope = target.scope();
        return switch (target.priority()) {
            case LOW_PRIORITY -> List.of(new QuotaKey(scope, QuotaKey.LOW_PRIORITY));
            case DEDICATED -> {
                QuotaKey family = new QuotaKey(scope, target.size().family());
                yield family.pool().equals(VmSize.CONTAINER_FAMILY)
                        ? List.of(family)
                        : List.of(
                                QuotaKey.of(
                                        scope,
                                        target.id().workspace(),
                                        target.size().family()),
                                family,
                                new QuotaKey(scope, QuotaKey.TOTAL));
            }
        };
    }

    private static long limit(State state, QuotaKey key, Target target) {
        return limit(state, key, target.size().gpus() > 0);
    }

    /**
     * Cores that are not to be had.
     *
     * @param wanted for one more node
     */
    record Shortage(QuotaKey key, long limit, long used, int wanted) {

        /** In the words of Batch and Compute. */
        String message() {
            return "Operation results in exceeding quota limits of Core (%s). Maximum allowed: %d, Current in use: %d, Additional requested: %d."
                    .formatted(key.family(), limit, used, wanted);
        }
    }

    /** Why the target cannot have one more node, if the quota does not allow one. */
    static Optional<Shortage> shortage(State state, Target target) {
        return target.instance() ? Optional.empty() : shortage(state, target, 0);
    }

    private static Optional<Shortage> shortage(State state, Target target, int had) {
        int wanted = target.size().vCpus();
        for (QuotaKey key : keys(target)) {
            long limit = limit(state, key, target);
            long used = state.used(key) - had;
            if (used + wanted > limit) {
                return Optional.of(new Shortage(key, limit, used, wanted));
            }
        }
        return Optional.empty();
    }

    /**
     * A cluster is refused when its limits leave no room for the nodes that it always has, or for a single one; message
     * and spelling are the service's (ansible-collections/azure#2209, mlops-v2#81).
     */
    static void refuseHopeless(State state, Target target) {
        int nodes = Math.max(1, target.scale().min());
        long cores = (long) nodes * target.size().vCpus();
        for (QuotaKey key : keys(target)) {
            long limit = limit(state, key, target);
            if (cores > limit) {
                throw new Refusal(
                        Refusal.Kind.INVALID,
                        "ClusterMinNodesExceedCoreQuota",
                        "The specified subscription has a %s vCPU quota of %d and cannot accomodate for at least %d requested managed compute nodes which maps to %d vCPUs."
                                .formatted(name(key), limit, nodes, cores));
            }
        }
    }

    /** An instance has its cores from its creation on, and is refused where they are not to be had; {@code had} are its own. */
    static void refuseMore(State state, Target target, int had) {
        shortage(state, target, had).ifPresent(shortage -> {
            throw new Refusal(Refusal.Kind.INVALID, TargetError.QUOTA, shortage.message());
        });
    }

    /** "Standard DSv2 family" for {@code standardDSv2Family}, as the service says it. */
    private static String name(QuotaKey key) {
        return switch (key.pool()) {
            case QuotaKey.TOTAL -> "total";
            case QuotaKey.LOW_PRIORITY -> "low priority";
            default -> key.family().replaceFirst("(?i)^standard", "Standard ").replaceFirst("(?i)family$", " family");
        };
    }

    static Done set(Draft draft, Command.SetLimit set) {
        boolean another =
                set.limit().isPresent() && draft.state().limit(set.key()).isEmpty();
        if (another && draft.state().limits().size() >= MOST_LIMITS) {
            throw new Refusal(
                    Refusal.Kind.CONFLICT,
                    "TooManyLimits",
                    "There are %d limits already; set some back to the default.".formatted(MOST_LIMITS));
        }
        draft.limit(set.key(), set.limit());
        for (TargetId starved : draft.state().starved(set.key().scope())) {
            draft.touch(starved);
        }
        return Done.DONE;
    }
}
