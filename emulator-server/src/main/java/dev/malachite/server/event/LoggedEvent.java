package dev.malachite.server.event;

import dev.malachite.engine.Event;
import dev.malachite.engine.JobId;
import dev.malachite.engine.TargetId;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.event.EventLog.Entry;
import dev.malachite.server.web.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An event as the log has it and as the feed sends it: one line of JSON, its number first. */
public record LoggedEvent(long number, ObjectNode json) {

    private static final byte[] BEGINNING = "{\"number\":".getBytes(StandardCharsets.UTF_8);

    static void write(JsonGenerator json, Entry entry) {
        Event event = entry.event();
        json.writeStartObject();
        json.writeNumberProperty("number", entry.number());
        json.writeStringProperty("at", entry.at().toString());
        json.writeStringProperty("type", event.type());
        Optional<WorkspaceId> workspace =
                event.target().map(TargetId::workspace).or(() -> event.job().map(JobId::workspace));
        text(json, "workspaceId", workspace.map(WorkspaceId::value));
        text(json, "target", event.target().map(t -> t.name()));
        text(json, "node", event.node().map(n -> n.value()));
        text(json, "runId", event.job().map(j -> j.run()));
        json.writeStringProperty("message", event.message());
        json.writeEndObject();
    }

    private static void text(JsonGenerator json, String name, Optional<String> value) {
        if (value.isPresent()) {
            json.writeStringProperty(name, value.get());
        } else {
            json.writeNullProperty(name);
        }
    }

    /** As it is read again. */
    static ObjectNode json(Entry entry) {
        LineBuffer line = new LineBuffer();
        line.events(List.of(entry));
        return read(line.bytes(), line.length()).json();
    }

    /** Whether the line is one of an event; without reading it, because most lines of a search are passed over. */
    static boolean isOne(byte[] line, int length) {
        if (length < BEGINNING.length) {
            return false;
        }
        for (int i = 0; i < BEGINNING.length; i++) {
            if (line[i] != BEGINNING[i]) {
                return false;
            }
        }
        return true;
    }

    /** The number in a line that {@link #isOne}. */
    static long number(byte[] line, int length) {
        long number = 0;
        for (int i = BEGINNING.length; i < length && line[i] >= '0' && line[i] <= '9'; i++) {
            number = number * 10 + line[i] - '0';
        }
        return number;
    }

    static LoggedEvent read(byte[] line, int length) {
        ObjectNode json = Json.parse(new String(line, 0, length, StandardCharsets.UTF_8));
        return new LoggedEvent(json.path("number").longValue(), json);
    }

    public String type() {
        return text("type").orElse("");
    }

    public Optional<String> target() {
        return text("target");
    }

    public Optional<String> run() {
        return text("runId");
    }

    private Optional<String> text(String name) {
        JsonNode value = json.path(name);
        return value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
    }
}
