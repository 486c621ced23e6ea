package dev.malachite.server.event;

import java.io.ByteArrayOutputStream;
import tools.jackson.databind.json.JsonMapper;

/** Gathers lines of JSON for one write. */
final class LineBuffer {

    /** What it keeps for the next time. */
    private static final int KEPT = 1024 * 1024;

    private Bytes bytes = new Bytes();

    /** Lets its bytes be written without a copy. */
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
        // As bytes first: a mapper would close, and flush, what it writes to.
        byte[] json = mapper.writeValueAsBytes(value);
        bytes.write(json, 0, json.length);
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
