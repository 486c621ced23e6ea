package dev.malachite.server.trigger;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.scheduling.support.CronExpression;

/**
 * An NCronTab expression of five fields. As the service has it, the fields of days and of months are read and then taken
 * for {@code *}. Source: Microsoft's "Schedule machine learning pipeline jobs", table of the expression's fields.
 */
record Cron(CronExpression expression, Window window) implements Trigger {

    private static final int FIELDS = 5;

    /** @throws AzureException for one that is not understood */
    static Cron of(String text, Window window) {
        List<String> fields = List.of(text.strip().split("\\s+", -1));
        if (fields.size() != FIELDS) {
            throw invalid(text, "it has five fields: minutes, hours, days, months, days of the week.");
        }
        try {
            CronExpression.parse("0 " + String.join(" ", fields));
            return new Cron(
                    CronExpression.parse("0 %s %s * * %s".formatted(fields.get(0), fields.get(1), fields.get(4))),
                    window);
        } catch (IllegalArgumentException e) {
            throw invalid(text, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Optional<Instant> next(Instant instant) {
        return window.within(
                Optional.ofNullable(expression.next(window.after(instant).atZone(window.zone()))));
    }

    private static AzureException invalid(String text, String why) {
        return new AzureException(
                Errors.invalidParameter("expression", "'%s' is no cron expression: %s".formatted(text, why)));
    }
}
