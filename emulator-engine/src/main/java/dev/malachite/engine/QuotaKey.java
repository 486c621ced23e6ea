package dev.malachite.engine;

import java.util.Comparator;

/**
 * One limit on cores.
 *
 * @param pool a quota family such as {@code standardDv2Family}, {@link #TOTAL} or {@link #LOW_PRIORITY}
 */
public record QuotaKey(QuotaScope scope, String pool) implements Comparable<QuotaKey> {

    /** All dedicated cores of a scope, whatever their family. */
    public static final String TOTAL = "total";

    /** All low-priority cores of a scope; they count nowhere else. */
    public static final String LOW_PRIORITY = "lowPriority";

    private static final Comparator<QuotaKey> ORDER =
            Comparator.comparing(QuotaKey::scope).thenComparing(QuotaKey::pool, String.CASE_INSENSITIVE_ORDER);

    @Override
    public int compareTo(QuotaKey other) {
        return ORDER.compare(this, other);
    }
}
