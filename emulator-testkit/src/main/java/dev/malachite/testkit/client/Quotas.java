package dev.malachite.testkit.client;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** How many cores a subscription may use, by quota family. */
public final class Quotas {

    /** The family of all dedicated cores. */
    public static final String TOTAL = "total";

    /** The family of all low-priority cores. */
    public static final String LOW_PRIORITY = "lowPriority";

    private final Wire wire;
    private final Undo undo;

    Quotas(Wire wire, Undo undo) {
        this.wire = wire;
        this.undo = undo;
    }

    /**
     * A limit and what of it is used.
     *
     * @param subscription the id of the subscription that it holds for
     * @param family for example {@code standardDv2Family}, {@link #TOTAL} or {@link #LOW_PRIORITY}
     * @param limit in cores
     * @param used in cores
     */
    public record Limit(String subscription, String family, int limit, int used) {}

    /** The limits of one subscription. */
    public List<Limit> of(String subscription) {
        return Wire.list(
                wire.get("/quota?subscription=" + Wire.encoded(subscription)).path("limits"), Limit.class);
    }

    /** One limit of a subscription, if there is such a family. */
    public Optional<Limit> of(String subscription, String family) {
        return of(subscription).stream()
                .filter(limit -> limit.family().equalsIgnoreCase(family))
                .findFirst();
    }

    /**
     * Sets a limit. {@link MalachiteClient#undo()} goes back to the default.
     *
     * @param subscription the id of the subscription that it shall hold for
     * @param family for example {@code standardDv2Family}, {@link #TOTAL} or {@link #LOW_PRIORITY}
     * @param cores 0 or more; what is above it already keeps running
     * @throws MalachiteException {@code InvalidParameter} for an unknown family or a negative number
     */
    public void limit(String subscription, String family, int cores) {
        wire.put("/quota", body(subscription, family).put("limit", cores));
        undo.remember(key(subscription, family), () -> useDefault(subscription, family));
    }

    /** Goes back to the default of the service. */
    public void useDefault(String subscription, String family) {
        wire.put("/quota", body(subscription, family).putNull("limit"));
        undo.forget(key(subscription, family));
    }

    private static ObjectNode body(String subscription, String family) {
        return Wire.object().put("subscription", subscription).put("family", family);
    }

    private static List<String> key(String subscription, String family) {
        return List.of(subscription, family);
    }
}
