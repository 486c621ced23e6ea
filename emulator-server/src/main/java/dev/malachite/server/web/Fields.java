package dev.malachite.server.web;

import dev.malachite.api.Errors;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads single properties of a body and says, in Azure's shape, which one is wrong and what is expected. */
public record Fields(ObjectNode body) {

    private static final int MAX_TEXT = 200;

    public AzureException wrong(String name, String message) {
        return new AzureException(Errors.invalidParameter(name, message));
    }

    public Optional<String> text(String name) {
        return text(name, MAX_TEXT);
    }

    public Optional<String> text(String name, int most) {
        return present(name).map(value -> {
            if (!value.isString()
                    || value.stringValue().isBlank()
                    || value.stringValue().length() > most) {
                throw wrong(name, "a text of 1 to %d characters is expected.".formatted(most));
            }
            return value.stringValue();
        });
    }

    public Optional<Duration> duration(String name, Duration least, Duration most) {
        return text(name).map(text -> {
            try {
                Duration duration = Duration.parse(text);
                if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
                    return duration;
                }
            } catch (DateTimeParseException e) {
                // falls through to the one message
            }
            throw wrong(name, "an ISO 8601 duration from %s to %s is expected.".formatted(least, most));
        });
    }

    public Optional<Double> number(String name, double least, double most) {
        return present(name).map(value -> {
            if (!value.isNumber() || !(value.doubleValue() >= least && value.doubleValue() <= most)) {
                throw wrong(name, "a number from %s to %s is expected.".formatted(least, most));
            }
            return value.doubleValue();
        });
    }

    public Optional<Long> whole(String name, long least, long most) {
        return present(name).map(value -> {
            if (!value.isIntegralNumber()
                    || !value.canConvertToLong()
                    || value.longValue() < least
                    || value.longValue() > most) {
                throw wrong(name, "a whole number from %d to %d is expected.".formatted(least, most));
            }
            return value.longValue();
        });
    }

    public Optional<Boolean> flag(String name) {
        return present(name).map(value -> {
            if (!value.isBoolean()) {
                throw wrong(name, "true or false is expected.");
            }
            return value.booleanValue();
        });
    }

    private Optional<JsonNode> present(String name) {
        JsonNode value = Json.member(body, name);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
    }
}
