package dev.malachite.testkit.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The nodes of clusters: what in Azure one can only wait for. Their ids stand in {@link Overview} and in {@link Event}. */
public final class Nodes {

    private final Wire wire;
    private final Undo undo;

    Nodes(Wire wire, Undo undo) {
        this.wire = wire;
        this.undo = undo;
    }

    /**
     * What became of a node.
     *
     * @param state in the service's words, for example {@code preempted}
     * @param job the run that it executed
     */
    public record Outcome(String id, String state, Optional<String> job) {}

    /**
     * When and how a node is evicted.
     *
     * @param at on the emulator's clock; null: now
     * @param notice how long the node knows of it before its job is sent SIGTERM, on the emulator's clock; null: 30 s
     */
    public record Eviction(@Nullable Instant at, @Nullable Duration notice) {

        /** At once, without a notice. */
        public static final Eviction AT_ONCE = new Eviction(null, Duration.ZERO);
    }

    /**
     * Evicts a low-priority node, with the notice that the service gives: 30 s on the emulator's clock pass before its job
     * is sent SIGTERM, then the grace period, then SIGKILL. The job is queued again as its next attempt.
     *
     * @throws MalachiteException {@code NotFound} if there is no such node, {@code Conflict} if it cannot be evicted
     */
    public Outcome evict(String node) {
        return act(node, "evict", Wire.object());
    }

    /** Evicts a low-priority node in another way than {@link #evict(String)} does. */
    public Outcome evict(String node, Eviction how) {
        return act(node, "evict", (ObjectNode) Wire.JSON.valueToTree(how));
    }

    /**
     * Makes a node unusable until it is repaired; its job is tried again elsewhere. {@link MalachiteClient#undo()} repairs
     * it.
     *
     * @param message the reason that the service will show
     */
    public Outcome unusable(String node, String message) {
        Outcome outcome = act(node, "unusable", Wire.object().put("message", message));
        undo.remember(node, () -> repairIfThere(node));
        return outcome;
    }

    /** Lets an unusable node leave; a fresh one takes its place. */
    public Outcome repair(String node) {
        Outcome outcome = act(node, "repair", Wire.object());
        undo.forget(node);
        return outcome;
    }

    /** Its cluster may have been deleted by then. */
    private void repairIfThere(String node) {
        try {
            repair(node);
        } catch (MalachiteException e) {
            if (e.status() != 404 && e.status() != 409) {
                throw e;
            }
        }
    }

    private Outcome act(String node, String action, ObjectNode body) {
        return Wire.read(wire.post("/nodes/" + Wire.encoded(node) + "/" + action, body), Outcome.class);
    }
}
