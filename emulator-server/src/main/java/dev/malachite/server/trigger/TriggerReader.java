package dev.malachite.server.trigger;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the triggers of schedules from the wire, and refuses what cannot be kept. */
public final class TriggerReader {

    private static final int MAX_INTERVAL = 1000;
    private static final int MAX_YEAR = 9999;

    private TriggerReader() {}

    /**
     * Reads a trigger.
     *
     * @param made when it came to be: counting begins then where it names no start
     * @throws AzureException for one that is not understood
     */
    public static Trigger read(ObjectNode trigger, Instant made) {
        Window window = window(trigger);
        String type = Json.string(trigger, "triggerType").orElse("");
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "cron" ->
                Cron.of(
                        Json.string(trigger, "expression")
                                .orElseThrow(() -> invalid("trigger.expression", "it is required.")),
                        window);
            case "recurrence" -> recurrence(trigger, window, made);
            default -> throw invalid("trigger.triggerType", "it is Cron or Recurrence, not '%s'.".formatted(type));
        };
    }

    private static Recurrence recurrence(ObjectNode trigger, Window window, Instant made) {
        String frequency = Json.string(trigger, "frequency").orElse("");
        int interval = Json.member(trigger, "interval").asInt(0);
        if (interval < 1 || interval > MAX_INTERVAL) {
            throw invalid("trigger.interval", "it is from 1 to %d.".formatted(MAX_INTERVAL));
        }
        ObjectNode schedule = Json.objectAt(trigger, "schedule");
        return new Recurrence(
                constant(Recurrence.Frequency.class, "trigger.frequency", frequency),
                interval,
                new Recurrence.Pattern(
                        numbers(schedule, "hours", 0, 23),
                        numbers(schedule, "minutes", 0, 59),
                        list(
                                schedule,
                                "weekDays",
                                day -> constant(DayOfWeek.class, "trigger.schedule.weekDays", day.asString(""))),
                        numbers(schedule, "monthDays", 1, 31)),
                window.anchor(made),
                window);
    }

    private static Window window(ObjectNode trigger) {
        String name =
                Json.string(trigger, "timeZone").filter(text -> !text.isBlank()).orElse("UTC");
        ZoneId zone = TimeZones.find(name)
                .orElseThrow(() -> invalid("trigger.timeZone", "'%s' is no time zone.".formatted(name)));
        return new Window(zone, time(trigger, "startTime", zone), time(trigger, "endTime", zone));
    }

    /** The SDK writes a blank between date and time; what bears an offset of its own is brought into the zone. */
    private static Optional<LocalDateTime> time(ObjectNode trigger, String name, ZoneId zone) {
        Optional<String> given = Json.string(trigger, name).filter(text -> !text.isBlank());
        if (given.isEmpty()) {
            return Optional.empty();
        }
        LocalDateTime time = parsed(given.get().strip().replace(' ', 'T'), zone)
                .orElseThrow(() ->
                        invalid("trigger." + name, "'%s' is no time as ISO 8601 writes it.".formatted(given.get())));
        if (time.getYear() < 1 || time.getYear() > MAX_YEAR) {
            throw invalid("trigger." + name, "its year is not from 1 to %d.".formatted(MAX_YEAR));
        }
        return Optional.of(time.truncatedTo(ChronoUnit.SECONDS));
    }

    private static Optional<LocalDateTime> parsed(String text, ZoneId zone) {
        try {
            return Optional.of(LocalDateTime.parse(text));
        } catch (DateTimeException local) {
            try {
                return Optional.of(
                        OffsetDateTime.parse(text).atZoneSameInstant(zone).toLocalDateTime());
            } catch (DateTimeException e) {
                return Optional.empty();
            }
        }
    }

    private static List<Integer> numbers(ObjectNode schedule, String name, int least, int most) {
        return list(schedule, name, value -> {
            if (!value.isIntegralNumber()
                    || !value.canConvertToInt()
                    || value.asInt() < least
                    || value.asInt() > most) {
                throw invalid("trigger.schedule." + name, "each is from %d to %d.".formatted(least, most));
            }
            return value.asInt();
        });
    }

    /** Each value once: their number is bounded by what they may be. */
    private static <T> List<T> list(ObjectNode schedule, String name, Function<JsonNode, T> read) {
        List<T> values = new ArrayList<>();
        for (JsonNode value : Json.member(schedule, name)) {
            T item = read.apply(value);
            if (!values.contains(item)) {
                values.add(item);
            }
        }
        return values;
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String name, String text) {
        try {
            return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw invalid(name, "'%s' is not one of them.".formatted(text));
        }
    }

    private static AzureException invalid(String name, String why) {
        return new AzureException(Errors.invalidParameter(name, why));
    }
}
