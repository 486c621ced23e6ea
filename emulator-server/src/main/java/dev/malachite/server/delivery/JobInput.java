package dev.malachite.server.delivery;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An input as a job was submitted with it. */
sealed interface JobInput {

    String name();

    /** A value; empty for an optional input that was not given. */
    record Literal(String name, Optional<String> value) implements JobInput {}

    /**
     * Files.
     *
     * @param type for example {@code uri_file}
     */
    record Data(String name, String type, String uri, Mode mode) implements JobInput {

        boolean isModel() {
            return type.endsWith("_model");
        }
    }

    /** How files come to the job. */
    enum Mode {
        /** It sees them and cannot change them. */
        MOUNT,
        /** It has a copy of its own. */
        DOWNLOAD,
        /** What it changes is kept. */
        READ_WRITE,
        /** It is told where they are. */
        DIRECT
    }

    Set<String> TYPES = Set.of("uri_file", "uri_folder", "mltable", "custom_model", "mlflow_model", "triton_model");

    /** Dots only for parameter groups; the SDK allows nothing else. */
    Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*");

    int MOST = 1_000;

    static List<JobInput> of(ObjectNode definition) {
        List<JobInput> inputs = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry :
                Json.objectAt(definition, "inputs").properties()) {
            inputs.add(of(checked(entry.getKey(), "input"), entry.getValue()));
        }
        if (inputs.size() > MOST) {
            throw new AzureException(Errors.userError("A job has at most %d inputs.".formatted(MOST)));
        }
        return inputs;
    }

    /** The name, which becomes part of a path and of a variable. */
    static String checked(String name, String what) {
        if (name.length() > 255 || !NAME.matcher(name).matches()) {
            throw new AzureException(
                    Errors.userError("'%s' cannot be the name of an %s: letters, digits and underscores are allowed."
                            .formatted(name, what)));
        }
        return name;
    }

    private static JobInput of(String name, JsonNode input) {
        if (!input.isObject()) {
            return new Literal(name, text(input));
        }
        String type = Json.string(input, "jobInputType").orElse("literal").toLowerCase(Locale.ROOT);
        if (type.equals("literal")) {
            return new Literal(name, text(Json.member(input, "value")));
        }
        if (!TYPES.contains(type)) {
            throw new AzureException(Errors.userError("Input '%s' is of type '%s'; known are literal, %s."
                    .formatted(name, type, TYPES.stream().sorted().toList())));
        }
        Optional<String> uri = Json.string(input, "uri").filter(text -> !text.isBlank());
        return uri.isEmpty() ? new Literal(name, Optional.empty()) : new Data(name, type, uri.get(), mode(name, input));
    }

    private static Optional<String> text(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        return Optional.of(value.isContainer() ? Json.text(value) : value.asString());
    }

    private static Mode mode(String name, JsonNode input) {
        String mode = Json.string(input, "mode").orElse("ReadOnlyMount");
        return switch (mode.toLowerCase(Locale.ROOT)) {
            case "readonlymount", "evalmount" -> Mode.MOUNT;
            case "download", "evaldownload" -> Mode.DOWNLOAD;
            case "readwritemount" -> Mode.READ_WRITE;
            case "direct" -> Mode.DIRECT;
            default ->
                throw new AzureException(
                        Errors.userError("Input '%s': '%s' is no mode of an input.".formatted(name, mode)));
        };
    }
}
