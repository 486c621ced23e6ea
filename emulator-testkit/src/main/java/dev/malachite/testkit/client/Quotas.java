package dev.malachite.testkit.client;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * How many cores a subscription may use, by quota family. Quotas are those of one region: the emulator's own, unless
 * {@link #in(String)} names another.
 */
public final class Quotas {

    /** The family of all dedicated cores. */
    public static final String TOTAL = "total";

    /** The family of all low-priority cores. */
    public static final String LOW_PRIORITY = "lowPriority";

    private final Wire wire;
    private final Undo undo;
    private final @Nullable String location;

    Quotas(Wire wire, Undo undo) {
        this(wire, undo, null);
    }

    private Quotas(Wire wire, Undo undo, @Nullable String location) {
        this.wire = wire;
        this.undo = undo;
        this.location = location;
    }

    /** The quotas of a region, for example {@code eastus}. */
    public Quotas in(String region) {
        return new Quotas(wire, undo, region);
    }

    /**
     * A limit and what of it is used.
     *
     * @param subscription the id of the subscription that it holds for
     * @param location the region that it holds for
     * @param family for example {@code standardDv2Family}, {@link #TOTAL} or {@link #LOW_PRIORITY}
     * @param limit in cores
     * @param used in cores
     */
    public record Limit(String subscription, String location, String family, int limit, int used) {}

    /** The limits of one subscription that were set or that something counts against, in every region. */
    public List<Limit> of(String subscription) {
        return Wire.list(
                wire.get("/quota?subscription=" + Wire.encoded(subscription)).path("limits"), Limit.class);
    }

    /** One limit of a subscription, if it was set or something counts against it. */
    public Optional<Limit> of(String subscription, String family) {
        return of(subscription).stream()
                .filter(limit -> limit.family().equalsIgnoreCase(family))
                .filter(limit -> location == null || limit.location().equalsIgnoreCase(location))
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

    private ObjectNode body(String subscription, String family) {
        ObjectNode body = Wire.object().put("subscription", subscription).put("family", family);
        return location == null ? body : body.put("location", location);
    }

    private List<String> key(String subscription, String family) {
        return List.of(subscription, family, String.valueOf(location));
    }
}
