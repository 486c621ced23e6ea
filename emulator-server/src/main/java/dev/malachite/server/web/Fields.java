package dev.malachite.server.web;

import dev.malachite.api.Errors;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads single properties of a body and says, in Azure's shape, which one is wrong and what is expected. */
public final class Fields {

    private static final int MAX_TEXT = 200;

    private final ObjectNode body;
    private final Set<String> asked = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    public Fields(ObjectNode body) {
        this.body = body;
    }

    public ObjectNode body() {
        return body;
    }

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

    /** What is in that property, which is an object; an empty one when it is not there. */
    public Fields object(String name) {
        return new Fields(present(name)
                .map(value -> {
                    if (!(value instanceof ObjectNode object)) {
                        throw wrong(name, "an object is expected.");
                    }
                    return object;
                })
                .orElseGet(Json::object));
    }

    /** What is in that property, which is a list of objects; empty when it is not there. */
    public List<ObjectNode> objects(String name, int most) {
        List<ObjectNode> objects = new ArrayList<>();
        present(name).ifPresent(value -> {
            if (!value.isArray() || value.size() > most) {
                throw wrong(name, "a list of at most %d objects is expected.".formatted(most));
            }
            for (JsonNode element : value) {
                if (!(element instanceof ObjectNode object)) {
                    throw wrong(name, "each of the list is an object.");
                }
                objects.add(object);
            }
        });
        return objects;
    }

    /**
     * Refuses what nobody has asked for by now, which is most likely misspelled.
     *
     * @param more may be there too
     */
    public void refuseOthers(String... more) {
        Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        known.addAll(asked);
        known.addAll(List.of(more));
        body.forEachEntry((name, value) -> {
            if (!known.contains(name) && !value.isNull()) {
                throw wrong(name, "it is not known here; there are %s.".formatted(String.join(", ", known)));
            }
        });
    }

    private Optional<JsonNode> present(String name) {
        asked.add(name);
        JsonNode value = Json.member(body, name);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
    }
}
