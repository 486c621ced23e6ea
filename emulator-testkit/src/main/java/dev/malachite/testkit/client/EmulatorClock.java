package dev.malachite.testkit.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The emulator's clock: idle times, simulated jobs and deadlines live on it. Real containers and processes run in real
 * time whatever it says; tokens and certificates live in real time too.
 *
 * <p>There is one clock for the whole emulator, so classes that turn it must not run side by side. {@code @EmulatorTest}
 * sees to that.
 */
public final class EmulatorClock {

    private final Wire wire;
    private final Undo undo;

    EmulatorClock(Wire wire, Undo undo) {
        this.wire = wire;
        this.undo = undo;
    }

    /** The emulator's time. */
    public Instant now() {
        return state().now();
    }

    /** Time, mode and the next timer. */
    public ClockState state() {
        return read(wire.get("/clock"));
    }

    /**
     * Sets how time passes. {@link MalachiteClient#undo()} sets it as it was before the first such call.
     *
     * @throws MalachiteException {@code InvalidParameter} for a speed out of range
     */
    public ClockState mode(ClockMode mode) {
        ClockMode before = state().mode();
        ClockState after = set(mode);
        undo.remember(EmulatorClock.class, () -> set(before));
        return after;
    }

    /**
     * Turns the clock forward and returns when all timers on the way have fired, in order, and what came of each has been
     * seen.
     *
     * @param by zero to ten years
     * @return the clock afterwards
     * @throws MalachiteException {@code InvalidParameter} for a negative or longer time, {@code ClockNotTurned} if it stopped on
     *     the way because what happens there could not be written
     */
    public ClockState advance(Duration by) {
        return read(wire.post("/clock/advance", Wire.object().put("by", by.toString())));
    }

    /**
     * Turns the clock forward to a time, as {@link #advance(Duration)} does.
     *
     * @throws MalachiteException {@code InvalidParameter} for a time that has passed
     */
    public ClockState advanceTo(Instant time) {
        return read(wire.post("/clock/advance", Wire.object().put("to", time.toString())));
    }

    private ClockState set(ClockMode mode) {
        return read(wire.put("/clock", json(mode)));
    }

    static ObjectNode json(ClockMode mode) {
        ObjectNode json = Wire.object();
        if (mode instanceof ClockMode.Scaled scaled) {
            return json.put("mode", "scaled").put("speed", scaled.speed());
        }
        return json.put(
                "mode", mode instanceof ClockMode.Manual ? "manual" : mode instanceof ClockMode.Auto ? "auto" : "real");
    }

    private static ClockState read(JsonNode json) {
        ClockMode mode = switch (json.path("mode").asString("real")) {
            case "scaled" -> new ClockMode.Scaled(json.path("speed").asDouble(1));
            case "manual" -> new ClockMode.Manual();
            case "auto" -> new ClockMode.Auto();
            default -> new ClockMode.Real();
        };
        return new ClockState(
                Instant.parse(json.path("now").stringValue()),
                Duration.parse(json.path("ahead").stringValue()),
                mode,
                Optional.ofNullable(json.path("next").asString(null)).map(Instant::parse));
    }
}
