package dev.malachite.testkit.client;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Failures that strike by a rule. They hold for the whole emulator unless a target, a workspace or a path narrows them, and
 * survive its restart; {@link MalachiteClient#undo()} undoes those that were added through the same client.
 */
public final class Faults {

    private final Wire wire;
    private final Undo undo;

    Faults(Wire wire, Undo undo) {
        this.wire = wire;
        this.undo = undo;
    }

    /**
     * A fault in force.
     *
     * @param id what {@link #remove(String)} takes
     */
    public record Active(String id, Fault fault) {}

    /**
     * Lets it strike from now on.
     *
     * @return it, with the id that it got
     * @throws MalachiteException {@code InvalidParameter} for a value out of range, {@code NotFound} if there is no such target,
     *     {@code NodeNotEvictable} for evictions on a dedicated one, {@code TooManyFaults} beyond 1 000
     */
    public Active add(Fault fault) {
        Active active = active(wire.post("/faults", json(fault)));
        undo.remember(active.id(), () -> removeIfThere(active.id()));
        return active;
    }

    /** All faults in force, whoever added them, with what the emulator chose where nothing was said. */
    public List<Active> list() {
        return wire.get("/faults")
                .path("value")
                .valueStream()
                .map(Faults::active)
                .toList();
    }

    /**
     * Undoes one.
     *
     * @throws MalachiteException {@code FaultNotFound} if there is none with this id
     */
    public void remove(String id) {
        wire.delete("/faults/" + Wire.encoded(id));
        undo.forget(id);
    }

    /** Undoes all, whoever added them. */
    public void removeAll() {
        wire.delete("/faults");
    }

    /** One that struck for the last time may have gone by itself. */
    private void removeIfThere(String id) {
        try {
            remove(id);
        } catch (MalachiteException e) {
            if (e.status() != 404) {
                throw e;
            }
        }
    }

    static ObjectNode json(Fault fault) {
        if (fault instanceof Fault.Timed timed) {
            ObjectNode json = json(timed.fault());
            put(json, "begins", timed.begins());
            put(json, "lasts", timed.lasts());
            return json;
        }
        return Wire.JSON.valueToTree(fault);
    }

    private static void put(ObjectNode json, String name, @Nullable Duration duration) {
        if (duration != null) {
            json.put(name, duration.toString());
        }
    }

    private static Active active(JsonNode json) {
        return new Active(json.path("id").asString(), Wire.read(json, Fault.class));
    }
}
