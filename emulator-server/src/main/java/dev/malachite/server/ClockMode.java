package dev.malachite.server;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the emulator's time passes.
 *
 * @param speed how much of it passes in one second of real time: 1 but for {@link Kind#SCALED}, 0 when it stands still
 */
public record ClockMode(Kind kind, double speed) {

    public static final double SLOWEST = 0.001;
    public static final double FASTEST = 100_000;

    public static final ClockMode REAL = new ClockMode(Kind.REAL, 1);
    public static final ClockMode MANUAL = new ClockMode(Kind.MANUAL, 0);
    public static final ClockMode AUTO = new ClockMode(Kind.AUTO, 1);

    private static final Pattern SCALED = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,6})?)x");

    /** The four ways. */
    public enum Kind {
        REAL,
        SCALED,
        /** Stands still until it is turned. */
        MANUAL,
        /** As real, and jumps to the next timer when nothing goes on. */
        AUTO;

        /** As the control API calls it. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** So many times as fast as real time; empty outside of {@link #SLOWEST} to {@link #FASTEST}. */
    public static Optional<ClockMode> scaled(double speed) {
        return speed >= SLOWEST && speed <= FASTEST ? Optional.of(new ClockMode(Kind.SCALED, speed)) : Optional.empty();
    }

    /** Reads {@code real}, {@code manual}, {@code auto} or a speed such as {@code 60x}. */
    public static Optional<ClockMode> parse(String text) {
        Matcher scaled = SCALED.matcher(text);
        if (scaled.matches()) {
            return scaled(Double.parseDouble(scaled.group(1)));
        }
        return switch (text) {
            case "real" -> Optional.of(REAL);
            case "manual" -> Optional.of(MANUAL);
            case "auto" -> Optional.of(AUTO);
            default -> Optional.empty();
        };
    }
}
