package dev.malachite.server.control;

import dev.malachite.server.ClockMode;
import dev.malachite.server.web.Fields;
import java.util.Locale;
import java.util.Optional;

/** How a body says in which way time passes. */
public final class ClockModes {

    private ClockModes() {}

    /** {@code {"mode": "real" | "manual" | "auto"}} or {@code {"mode": "scaled", "speed": 60}}, and nothing else. */
    public static ClockMode read(Fields clock) {
        String name = clock.text("mode").orElse("").toLowerCase(Locale.ROOT);
        Optional<Double> speed = clock.number("speed", ClockMode.SLOWEST, ClockMode.FASTEST);
        clock.refuseOthers();
        if (name.equals("scaled")) {
            return speed.flatMap(ClockMode::scaled)
                    .orElseThrow(() -> clock.wrong("speed", "it is required with 'scaled'."));
        }
        if (speed.isPresent()) {
            throw clock.wrong("speed", "only the mode 'scaled' has one.");
        }
        return ClockMode.parse(name)
                .filter(mode -> mode.kind() != ClockMode.Kind.SCALED)
                .orElseThrow(() -> clock.wrong("mode", "'real', 'scaled', 'manual' or 'auto' is expected."));
    }
}
