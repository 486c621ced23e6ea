package dev.malachite.server.event;

import dev.malachite.server.web.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds where the whole part of a segment ends: after the last batch all of whose events are there. */
final class SegmentEnd {

    private SegmentEnd() {}

    static Segments.End find(long segment, Path path) throws IOException {
        long size = Files.size(path);
        long whole = 0;
        long last = segment - 1;
        long seen = segment - 1;
        long missing = 0;
        try (Lines lines = new Lines(path, 0)) {
            while (lines.next(size)) {
                if (LoggedEvent.isOne(lines.bytes(), lines.length())) {
                    seen = LoggedEvent.number(lines.bytes(), lines.length());
                    missing--;
                } else if (LogLine.isBatch(lines.bytes(), lines.length())) {
                    long told = events(lines);
                    if (told < 0) {
                        break; // after a power cut: the whole part ends before it
                    }
                    missing = told;
                }
                if (missing <= 0) {
                    whole = lines.position();
                    last = seen;
                }
            }
        }
        return new Segments.End(segment, whole, last);
    }

    /** How many events came of a batch; negative for a line that cannot be read. */
    private static long events(Lines lines) {
        try {
            return Json.parse(new String(lines.bytes(), 0, lines.length(), StandardCharsets.UTF_8))
                    .path("told")
                    .path("events")
                    .longValue(-1);
        } catch (RuntimeException e) {
            return -1;
        }
    }
}
