package dev.malachite.engine;

import java.util.Comparator;
import java.util.Locale;

/**
 * Where cores are counted together: the service gives each subscription its own in each region.
 *
 * @param subscription lower case
 * @param location lower case, such as {@code eastus}
 */
public record QuotaScope(String subscription, String location) implements Comparable<QuotaScope> {

    private static final Comparator<QuotaScope> ORDER =
            Comparator.comparing(QuotaScope::subscription).thenComparing(QuotaScope::location);

    public QuotaScope {
        subscription = subscription.toLowerCase(Locale.ROOT);
        location = location.toLowerCase(Locale.ROOT);
    }

    @Override
    public int compareTo(QuotaScope other) {
        return ORDER.compare(this, other);
    }
}
