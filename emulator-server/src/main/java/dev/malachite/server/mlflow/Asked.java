package dev.malachite.server.mlflow;

import dev.malachite.server.metric.Numbers;
import dev.malachite.server.web.Json;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.util.MultiValueMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One message of MLflow's protocol: a body, or a query. It is protobuf's JSON, so that a long may be text, and what is
 * wrong is answered in the words of MLflow's server.
 */
record Asked(JsonNode message, String path) {

    static Asked of(ObjectNode body) {
        return new Asked(body, "");
    }

    static Asked of(MultiValueMap<String, String> query) {
        ObjectNode message = Json.object();
        query.forEach((name, values) -> {
            if (values.size() == 1) {
                message.put(name, values.getFirst());
            } else {
                ArrayNode list = message.putArray(name);
                values.forEach(list::add);
            }
        });
        return of(message);
    }

    Optional<String> text(String name) {
        JsonNode value = message.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isString()) {
            throw wrong(name, value, "a string is expected");
        }
        return Optional.of(value.stringValue());
    }

    /** Empty text counts as none: protobuf does not tell them apart. */
    Optional<String> given(String name) {
        return text(name).filter(text -> !text.isEmpty());
    }

    String require(String name) {
        return given(name).orElseThrow(() -> lacking(name));
    }

    /** Older clients call it by its older name. */
    String runId() {
        return given("run_id").or(() -> given("run_uuid")).orElseThrow(() -> lacking("run_id"));
    }

    Optional<Long> whole(String name) {
        JsonNode value = message.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        try {
            String digits = value.isString() ? value.stringValue().strip() : value.isNumber() ? value.asString() : "";
            if (digits.length() <= 30) {
                return Optional.of(new BigDecimal(digits).longValueExact());
            }
        } catch (NumberFormatException | ArithmeticException e) {
            // Told below.
        }
        throw wrong(name, value, "a whole number is expected");
    }

    /** A time in milliseconds since 1970; not before. */
    Optional<Instant> time(String name) {
        return whole(name).map(millis -> {
            try {
                // Azure's times end with the year 9999, and so do our columns.
                if (millis >= 0 && millis < 253_402_300_800_000L) {
                    return Instant.ofEpochMilli(millis);
                }
            } catch (DateTimeException e) {
                // Told below.
            }
            throw wrong(name, message.path(name), "it must be a nonnegative number of milliseconds");
        });
    }

    Optional<Double> number(String name) {
        JsonNode value = message.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        Optional<Double> number = Numbers.read(value);
        if (number.isEmpty() && value.isString()) {
            try {
                number = Optional.of(Double.valueOf(value.stringValue()));
            } catch (NumberFormatException e) {
                // Told below.
            }
        }
        if (number.isEmpty()) {
            throw wrong(name, value, "please specify value as a valid double (64-bit floating point)");
        }
        return number;
    }

    boolean flag(String name) {
        JsonNode value = message.path(name);
        return value.isBoolean()
                ? value.booleanValue()
                : value.isString() && value.stringValue().equalsIgnoreCase("true");
    }

    /** Messages in a list; none where there is no list. */
    List<Asked> messages(String name) {
        List<Asked> found = new ArrayList<>();
        for (JsonNode item : list(name)) {
            if (!item.isObject()) {
                throw wrong(name, item, "objects are expected");
            }
            found.add(new Asked(item, path + name + "[" + found.size() + "]."));
        }
        return found;
    }

    /** One text counts as a list of one. */
    List<String> texts(String name) {
        if (message.path(name).isString()) {
            return List.of(message.path(name).stringValue());
        }
        List<String> found = new ArrayList<>();
        for (JsonNode item : list(name)) {
            if (!item.isString()) {
                throw wrong(name, item, "strings are expected");
            }
            found.add(item.stringValue());
        }
        return found;
    }

    private List<JsonNode> list(String name) {
        JsonNode value = message.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        if (!value.isArray()) {
            throw wrong(name, value, "a list is expected");
        }
        return value.valueStream().toList();
    }

    RuntimeException lacking(String name) {
        return MlflowErrors.invalid("Missing value for required parameter '%s%s'.".formatted(path, name));
    }

    private RuntimeException wrong(String name, JsonNode value, String why) {
        String text = Json.text(value);
        return MlflowErrors.invalid("Invalid value %s for parameter '%s%s' supplied: %s."
                .formatted(text.length() > 200 ? text.substring(0, 200) + "…" : text, path, name, why));
    }
}
