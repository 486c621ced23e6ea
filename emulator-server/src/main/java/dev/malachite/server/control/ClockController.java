package dev.malachite.server.control;

import dev.malachite.api.Errors;
import dev.malachite.server.ClockMode;
import dev.malachite.server.loop.Clockwork;
import dev.malachite.server.loop.EmulatorClock;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Fields;
import dev.malachite.server.web.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** Sets and turns the emulator's clock. */
@RestController
@RequestMapping("/_emulator/clock")
class ClockController {

    private static final Duration LONGEST_TURN = Duration.ofDays(3650);

    private final EmulatorClock clock;
    private final Clockwork clockwork;

    ClockController(EmulatorClock clock, Clockwork clockwork) {
        this.clock = clock;
        this.clockwork = clockwork;
    }

    @GetMapping
    ObjectNode clock() {
        ClockMode mode = clock.mode();
        return Json.object()
                .put("now", clock.instant().toString())
                .put("ahead", clock.ahead().toString())
                .put("mode", mode.kind().wire())
                .put("speed", mode.speed())
                .put("next", clockwork.next().map(Instant::toString).orElse(null));
    }

    /** Body: {@code {"mode": "real" | "manual" | "auto"}} or {@code {"mode": "scaled", "speed": 60}}. */
    @PutMapping
    ObjectNode mode(@Body ObjectNode body) {
        clockwork.mode(ClockModes.read(new Fields(body)));
        return clock();
    }

    /**
     * Body: {@code {"by": "PT2M"}} or {@code {"to": "2026-01-01T00:00:00Z"}}. The answer comes when the timers on the way
     * have fired, in order, and what came of each has been seen.
     */
    @PostMapping("/advance")
    ObjectNode advance(@Body ObjectNode body) {
        boolean by = Json.string(body, "by").isPresent();
        if (by == Json.string(body, "to").isPresent()) {
            throw new AzureException(
                    Errors.invalidParameter("by", "either 'by', a duration, or 'to', a time, is expected."));
        }
        if (by) {
            clockwork.advance(duration(body));
        } else {
            clockwork.advanceTo(time(body));
        }
        return clock();
    }

    private Duration duration(ObjectNode body) {
        try {
            Duration by = Duration.parse(Json.string(body, "by").orElse(""));
            if (!by.isNegative() && fits(by)) {
                return by;
            }
        } catch (DateTimeParseException e) {
            // falls through to the one message
        }
        throw new AzureException(Errors.invalidParameter(
                "by",
                "an ISO 8601 duration of 0 to %d days is expected, such as 'PT2M'; the clock ends at %s."
                        .formatted(LONGEST_TURN.toDays(), Clockwork.last())));
    }

    private Instant time(ObjectNode body) {
        try {
            Instant to = Instant.parse(Json.string(body, "to").orElse(""));
            Duration by = Duration.between(clock.instant(), to);
            if (!by.isNegative() && fits(by)) {
                return to;
            }
        } catch (DateTimeParseException e) {
            // falls through to the one message
        }
        throw new AzureException(Errors.invalidParameter(
                "to",
                "a time in ISO 8601 is expected, such as '2030-01-01T00:00:00Z', not before %s and at most %d days after it; the clock ends at %s."
                        .formatted(clock.instant(), LONGEST_TURN.toDays(), Clockwork.last())));
    }

    private boolean fits(Duration by) {
        return by.compareTo(LONGEST_TURN) <= 0 && !clock.instant().plus(by).isAfter(Clockwork.last());
    }
}
