package dev.malachite.server.compute;

import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a region has.
 *
 * @param maxNodesPerCluster how many nodes a cluster may ask for; the service's own bound before one asks for more
 * @param sizes by region, which VM sizes it has: names or patterns with {@code *}, an exclamation mark before one that it has
 *     not; a region that is not named has all
 */
@ConfigurationProperties("malachite.compute")
record ComputeSettings(
        @DefaultValue("100") int maxNodesPerCluster,
        @DefaultValue Map<String, List<String>> sizes) {

    /** Beyond this not even the service goes (service-facts, Limits). */
    private static final int MOST_NODES = 65_000;

    ComputeSettings {
        if (maxNodesPerCluster < 1 || maxNodesPerCluster > MOST_NODES) {
            throw new IllegalArgumentException(
                    "malachite.compute.max-nodes-per-cluster is not between 1 and " + MOST_NODES);
        }
    }
}
