package dev.malachite.server.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of the log stay within their bound, and what a kill has cut short is not taken for whole. */
class SegmentsTest {

    private static final long MOST = 8 * 4096;

    @TempDir
    Path folder;

    @Test
    void theOldestGoesWhenThereIsMoreThanMayBeKept() throws IOException {
        try (Segments segments = new Segments(folder, MOST)) {
            for (int i = 1; i <= 2000; i++) {
                write(segments, i);
                assertThat(size()).isLessThanOrEqualTo(MOST + 100);
            }
            assertThat(segments.holding(1)).isGreaterThan(1000);
            assertThat(segments.holding(2000)).isEqualTo(segments.end().segment());
        }
    }

    @Test
    void numbersGoOnOverARestartAndAReset() throws IOException {
        try (Segments segments = new Segments(folder, MOST)) {
            for (int i = 1; i <= 300; i++) {
                write(segments, i);
            }
        }
        try (Segments segments = new Segments(folder, MOST)) {
            assertThat(segments.end().last()).isEqualTo(300);
            segments.clear();
            assertThat(size()).isZero();
            segments.clear();
        }
        try (Segments segments = new Segments(folder, MOST)) {
            assertThat(segments.end().last()).isGreaterThanOrEqualTo(300);
        }
    }

    @Test
    void aBatchThatWasCutShortIsCutOff() throws IOException {
        try (Segments segments = new Segments(folder, MOST)) {
            write(segments, 1);
        }
        long whole = size();
        String half = batch(2, 3, 3).substring(0, batch(2, 3, 3).length() - 30);
        for (String torn : new String[] {"{\"told\":{\"at\":\"19", "{\"told\":{\"events\":2}}\n", half}) {
            Files.writeString(folder.resolve("0000000000000000001.jsonl"), torn, StandardOpenOption.APPEND);
            try (Segments segments = new Segments(folder, MOST)) {
                assertThat(segments.end()).isEqualTo(new Segments.End(1, whole, 1));
                assertThat(size()).isEqualTo(whole);
            }
        }
    }

    private static void write(Segments segments, int number) throws IOException {
        if (segments.full()) {
            segments.roll();
        }
        segments.append(ByteBuffer.wrap(batch(number, number, 1).getBytes(StandardCharsets.UTF_8)), number);
    }

    private static String batch(int first, int last, int events) {
        StringBuilder lines = new StringBuilder("{\"told\":{\"events\":" + events + "}}\n");
        for (int number = first; number <= last; number++) {
            lines.append("{\"number\":").append(number).append(",\"type\":\"something\"}\n");
        }
        return lines.toString();
    }

    private long size() throws IOException {
        long size = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                size += Files.size(file);
            }
        }
        return size;
    }
}
