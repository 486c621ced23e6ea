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
     * What becomes of a node.
     *
     * @param id the node's
     * @param state in the service's words, for example {@code preempted}
     * @param job the run that it executes
     * @param noticeAt when it learns of its eviction, on the emulator's clock; absent where none comes
     * @param evictedAt when it is evicted, on the emulator's clock; absent where none comes
     */
    public record Outcome(
            String id, String state, Optional<String> job, Optional<Instant> noticeAt, Optional<Instant> evictedAt) {}

    /**
     * When and how a node is evicted.
     *
     * @param at when the notice comes, on the emulator's clock; null: now
     * @param notice how long the node knows of it before its job is sent SIGTERM, on the emulator's clock, at most a day. The
     *     service gives 30 s
     * @param retry whether the job is tried again, as its next attempt, or fails with {@code PreemptionError}; null: as the
     *     emulator is set up, which is to try again
     */
    public record Eviction(
            @Nullable Instant at, Duration notice, @Nullable Boolean retry) {

        /** Now, without a notice. */
        public static Eviction atOnce() {
            return new Eviction(null, Duration.ZERO, null);
        }

        /** Now, so long after its notice. */
        public static Eviction withNotice(Duration notice) {
            return new Eviction(null, notice, null);
        }

        /** The same, later. */
        public Eviction at(Instant time) {
            return new Eviction(time, notice, retry);
        }

        /** The same, and the job fails instead of being tried again. */
        public Eviction failing() {
            return new Eviction(at, notice, false);
        }
    }

    /**
     * Evicts a low-priority node now and without a notice: its job is sent SIGTERM, after the grace period SIGKILL, and is
     * queued again as its next attempt.
     *
     * @param node its id
     * @throws MalachiteException {@code NodeNotFound} if there is no such node, {@code NodeNotEvictable} if it is dedicated or goes already
     */
    public Outcome evict(String node) {
        return evict(node, Eviction.atOnce());
    }

    /**
     * Evicts a low-priority node in another way than {@link #evict(String)} does.
     *
     * @param node its id
     * @param how when, and what becomes of its job
     * @throws MalachiteException {@code NodeNotFound} if there is no such node, {@code NodeNotEvictable} if it is dedicated or goes already
     */
    public Outcome evict(String node, Eviction how) {
        return act(node, "evict", (ObjectNode) Wire.JSON.valueToTree(how));
    }

    /**
     * Makes a node unusable until it is repaired; its job is tried again elsewhere. {@link MalachiteClient#undo()} repairs
     * it.
     *
     * @param message the reason that the service will show
     * @throws MalachiteException {@code NodeNotFound} if there is no such node, {@code NodeNotUsable} if it is unusable or goes already
     */
    public Outcome unusable(String node, String message) {
        Outcome outcome = act(node, "unusable", Wire.object().put("message", message));
        undo.remember(node, () -> repairIfThere(node));
        return outcome;
    }

    /**
     * Lets an unusable node leave; a fresh one takes its place.
     *
     * @throws MalachiteException {@code NodeNotFound} if there is no such node, {@code NodeNotUnusable} if it needs no repair
     */
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
