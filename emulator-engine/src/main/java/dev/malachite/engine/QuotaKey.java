package dev.malachite.engine;

import java.util.Comparator;
import java.util.Optional;

/**
 * One limit, on cores in all cases but one.
 *
 * @param pool a quota family such as {@code standardDv2Family}, {@link #TOTAL}, {@link #LOW_PRIORITY}, {@link #COMPUTES}, or a
 *     family within a workspace
 */
public record QuotaKey(QuotaScope scope, String pool) implements Comparable<QuotaKey> {

    /** All dedicated cores of a scope, whatever their family. */
    public static final String TOTAL = "total";

    /** All low-priority cores of a scope; they count nowhere else. */
    public static final String LOW_PRIORITY = "lowPriority";

    /** Not cores but computes, which the service counts for each region too. */
    public static final String COMPUTES = "computes";

    private static final char WITHIN = '/';

    private static final Comparator<QuotaKey> ORDER =
            Comparator.comparing(QuotaKey::scope).thenComparing(QuotaKey::pool, String.CASE_INSENSITIVE_ORDER);

    /** What one workspace may use of a family. */
    public static QuotaKey of(QuotaScope scope, WorkspaceId workspace, String family) {
        return new QuotaKey(scope, workspace.value() + WITHIN + family);
    }

    /** Whose share of its subscription's it is, if it is one. */
    public Optional<WorkspaceId> workspace() {
        int end = pool.indexOf(WITHIN);
        return end < 0 ? Optional.empty() : Optional.of(new WorkspaceId(pool.substring(0, end)));
    }

    /** The pool without its workspace. */
    public String family() {
        return pool.substring(pool.indexOf(WITHIN) + 1);
    }

    @Override
    public int compareTo(QuotaKey other) {
        return ORDER.compare(this, other);
    }
}
