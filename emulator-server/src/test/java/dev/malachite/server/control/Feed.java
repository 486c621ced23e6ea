package dev.malachite.server.control;

import dev.malachite.server.web.Json;
import java.time.Instant;
import java.util.Iterator;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** Reads a feed of events one after the other. */
final class Feed implements AutoCloseable {

    private final Stream<String> lines;
    private final Iterator<ObjectNode> events;

    Feed(Stream<String> lines) {
        this.lines = lines;
        this.events = lines.filter(line -> line.startsWith("data:"))
                .map(line -> Json.parse(line.substring("data:".length())))
                .iterator();
    }

    ObjectNode next() {
        return events.next();
    }

    /** Skips to the next event of that type. */
    ObjectNode await(String type) {
        ObjectNode event = next();
        while (!event.path("type").stringValue().equals(type)) {
            event = next();
        }
        return event;
    }

    static Instant at(ObjectNode event) {
        return Instant.parse(event.path("at").stringValue());
    }

    @Override
    public void close() {
        lines.close();
    }
}
