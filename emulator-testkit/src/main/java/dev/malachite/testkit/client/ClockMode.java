package dev.malachite.testkit.client;

/** How the emulator's time passes. */
public sealed interface ClockMode {

    /** Real time, plus what it was turned forward. */
    record Real() implements ClockMode {}

    /**
     * Faster or slower than real time.
     *
     * @param speed how many times as fast, 0.001 to 100 000
     */
    record Scaled(double speed) implements ClockMode {}

    /** Time stands still until it is turned. */
    record Manual() implements ClockMode {}

    /**
     * As real, and jumps to the next timer when nothing goes on: no request in flight, no action under way, no job in a real
     * container or process.
     */
    record Auto() implements ClockMode {}
}
