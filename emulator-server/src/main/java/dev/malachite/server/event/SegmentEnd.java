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
                    missing = events(lines);
                }
                if (missing <= 0) {
                    whole = lines.position();
                    last = seen;
                }
            }
        }
        return new Segments.End(segment, whole, last);
    }

    private static long events(Lines lines) {
        return Json.parse(new String(lines.bytes(), 0, lines.length(), StandardCharsets.UTF_8))
                .path("told")
                .path("events")
                .longValue();
    }
}
