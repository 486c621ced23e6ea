package dev.malachite.server.fault;

import dev.malachite.engine.RuntimeKind;
import dev.malachite.server.web.Fields;
import dev.malachite.server.web.Json;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** A fault that strikes outside of the engine. */
public sealed interface OutsideFault {

    /** As the wire has it. */
    ObjectNode json();

    /**
     * Images that cannot be had.
     *
     * @param image a pattern over the image's name, {@code *} for any text
     */
    record ImageFailure(Pattern image, String message) implements OutsideFault {
        @Override
        public ObjectNode json() {
            return Json.object()
                    .put("kind", "imageFailure")
                    .put("image", image.text())
                    .put("message", message);
        }
    }

    /** A runtime that does not answer; all of them when none is named. */
    record EngineAway(Optional<RuntimeKind> runtime) implements OutsideFault {
        @Override
        public ObjectNode json() {
            return Json.object()
                    .put("kind", "engineAway")
                    .put(
                            "runtime",
                            runtime.map(kind -> kind.name().toLowerCase(Locale.ROOT))
                                    .orElse(null));
        }
    }

    /** Nothing can be written. */
    record DiskFull() implements OutsideFault {
        @Override
        public ObjectNode json() {
            return Json.object().put("kind", "diskFull");
        }
    }

    /** Something that happens to a request. */
    sealed interface OnRequest extends OutsideFault {
        Where where();
    }

    /**
     * Too many requests.
     *
     * @param retryAfter whole seconds, 0 or more
     */
    record Throttle(Where where, long retryAfter) implements OnRequest {
        @Override
        public ObjectNode json() {
            return where.put(Json.object().put("kind", "throttle")).put("retryAfter", retryAfter);
        }
    }

    /** An answer that comes later, in real time. */
    record Latency(Where where, Duration delay) implements OnRequest {
        @Override
        public ObjectNode json() {
            return where.put(Json.object().put("kind", "latency")).put("delay", delay.toString());
        }
    }

    /** A connection that is closed without an answer. */
    record Drop(Where where) implements OnRequest {
        @Override
        public ObjectNode json() {
            return where.put(Json.object().put("kind", "drop"));
        }
    }

    /** Another answer than the right one. */
    record Failure(Where where, int status, String code, String message) implements OnRequest {
        @Override
        public ObjectNode json() {
            return where.put(Json.object().put("kind", "error"))
                    .put("status", status)
                    .put("code", code)
                    .put("message", message);
        }
    }

    /** As it was stored. */
    static OutsideFault read(ObjectNode json) {
        return read(json.path("kind").stringValue(""), new Fields(json));
    }

    /** As somebody wants it. */
    static OutsideFault read(String kind, Fields fields) {
        return switch (kind) {
            case "imageFailure" ->
                new ImageFailure(
                        new Pattern(fields.text("image")
                                .orElseThrow(() -> fields.wrong("image", "it is required; '*' is every image."))),
                        fields.text("message", 2000).orElse("The image could not be pulled."));
            case "engineAway" -> new EngineAway(fields.text("runtime").map(name -> runtime(name, fields)));
            case "diskFull" -> new DiskFull();
            case "throttle" ->
                new Throttle(
                        Where.read(fields), fields.whole("retryAfter", 0, 3600).orElse(1L));
            case "latency" ->
                new Latency(
                        Where.read(fields),
                        fields.duration("delay", Duration.ofMillis(1), Duration.ofMinutes(5))
                                .orElseThrow(() -> fields.wrong("delay", "it is required.")));
            case "drop" -> new Drop(Where.read(fields));
            case "error" ->
                new Failure(
                        Where.read(fields),
                        fields.whole("status", 400, 599)
                                .orElseThrow(() -> fields.wrong("status", "it is required."))
                                .intValue(),
                        fields.text("code").orElseThrow(() -> fields.wrong("code", "it is required.")),
                        fields.text("message", 2000).orElse("A fault that was asked for."));
            default ->
                throw fields.wrong(
                        "kind",
                        "'%s' is not known; there are eviction, slowProvisioning, allocationFailure, nodeUnusable, failedState, imageFailure, engineAway, diskFull, throttle, latency, drop and error."
                                .formatted(kind));
        };
    }

    private static RuntimeKind runtime(String name, Fields fields) {
        return Arrays.stream(RuntimeKind.values())
                .filter(kind -> kind.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> fields.wrong(
                        "runtime",
                        "it is one of %s."
                                .formatted(Arrays.stream(RuntimeKind.values())
                                        .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", ")))));
    }
}
