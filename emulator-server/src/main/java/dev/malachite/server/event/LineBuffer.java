package dev.malachite.server.event;

import dev.malachite.server.event.EventLog.Entry;
import dev.malachite.server.web.Json;
import java.io.ByteArrayOutputStream;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** Gathers lines of JSON for one write. */
final class LineBuffer {

    /** What it keeps for the next time. */
    private static final int KEPT = 1024 * 1024;

    private static final ObjectWriter LINES = Json.mapper().writer().withRootValueSeparator("\n");

    private Bytes bytes = new Bytes();

    /** Lets its bytes be written without a copy; that a mapper closes what it writes to does nothing to it. */
    private static final class Bytes extends ByteArrayOutputStream {

        Bytes() {
            super(16 * 1024);
        }

        byte[] array() {
            return buf;
        }

        int capacity() {
            return buf.length;
        }
    }

    void line(JsonMapper mapper, Object value) {
        mapper.writeValue(bytes, value);
        bytes.write('\n');
    }

    /** A line for each. */
    void events(List<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        try (JsonGenerator json = LINES.createGenerator(bytes)) {
            entries.forEach(entry -> LoggedEvent.write(json, entry));
        }
        bytes.write('\n');
    }

    byte[] bytes() {
        return bytes.array();
    }

    int length() {
        return bytes.size();
    }

    void reset() {
        if (bytes.capacity() > KEPT) {
            bytes = new Bytes();
        } else {
            bytes.reset();
        }
    }
}
