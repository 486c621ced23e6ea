package dev.malachite.server.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Reads the lines that a tunnel begins with, in either direction, and no byte beyond them. */
final class Head {

    private Head() {}

    /**
     * The first line of a head whose end was read.
     *
     * @throws Refused where it is too long, comes too slowly or ends too early
     */
    static String firstLine(InputStream in, Duration time) throws IOException, Refused {
        long begun = System.nanoTime();
        ByteArrayOutputStream head = new ByteArrayOutputStream(256);
        try {
            for (int newlines = 0; newlines < 2; ) {
                int next = in.read();
                if (next < 0) {
                    throw new Refused(400, "the request has no end");
                }
                head.write(next);
                // The end is an empty line; some clients leave the carriage returns out.
                if (next == '\n') {
                    newlines++;
                } else if (next != '\r') {
                    newlines = 0;
                }
                if (head.size() > Limits.HEAD_BYTES) {
                    throw new Refused(431, "the request's head is longer than %d bytes".formatted(Limits.HEAD_BYTES));
                }
                // A time limit for each read alone would let one byte at a time last for hours.
                if (System.nanoTime() - begun > time.toNanos()) {
                    throw tooSlow(time);
                }
            }
        } catch (SocketTimeoutException e) {
            throw tooSlow(time);
        }
        return head.toString(StandardCharsets.ISO_8859_1)
                .stripLeading()
                .lines()
                .findFirst()
                .orElse("");
    }

    private static Refused tooSlow(Duration time) {
        return new Refused(408, "the request did not come within %d ms".formatted(time.toMillis()));
    }
}
