package dev.malachite.server.control;

import dev.malachite.server.web.Json;
import java.time.Instant;
import java.util.Iterator;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** Reads a feed of events one after the other. */
final class Feed implements AutoCloseable {

    private final Stream<String> lines;
    private final Iterator<String> rest;

    Feed(Stream<String> lines) {
        this.lines = lines;
        this.rest = lines.iterator();
    }

    ObjectNode next() {
        return Json.parse(field("data:"));
    }

    /** Of a feed of which nothing was read: what a reader that was cut off now would come back with. */
    String begin() {
        return field("id:");
    }

    private String field(String name) {
        String line = rest.next();
        while (!line.startsWith(name)) {
            line = rest.next();
        }
        return line.substring(name.length());
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
