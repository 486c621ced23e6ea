package dev.malachite.server.event;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log's files: each bears the number of its first event in its name, only the last is written to, and the oldest goes
 * when there is more than may be kept. One thread writes; readers see what {@link #end()} says.
 */
final class Segments implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Segments.class);
    private static final Pattern NAME = Pattern.compile("(\\d{19})\\.jsonl");

    private final Path folder;
    private final long most;
    private final ConcurrentSkipListMap<Long, Path> files = new ConcurrentSkipListMap<>();
    private FileChannel file;
    private volatile End end;

    /**
     * How far the log reaches.
     *
     * @param segment the last one's first number
     * @param length of that segment, in bytes
     * @param last the number of the last event; 0 when there has been none
     */
    record End(long segment, long length, long last) {}

    /** Opens the log; what a write that was cut short has left is cut off. */
    Segments(Path folder, long most) throws IOException {
        this.folder = folder;
        this.most = most;
        Files.createDirectories(folder);
        try (Stream<Path> found = Files.list(folder)) {
            for (Path path : (Iterable<Path>) found::iterator) {
                Matcher name = NAME.matcher(path.getFileName().toString());
                if (name.matches()) {
                    files.put(Long.parseLong(name.group(1)), path);
                }
            }
        }
        if (files.isEmpty()) {
            files.put(1L, path(1));
        }
        Map.Entry<Long, Path> last = files.lastEntry();
        file = open(last.getValue());
        end = SegmentEnd.find(last.getKey(), last.getValue());
        file.truncate(end.length());
        dropOldest();
    }

    End end() {
        return end;
    }

    /** The segment in which the event of that number is, or would be; the oldest one for what is not kept any more. */
    long holding(long number) {
        Long holding = files.floorKey(number);
        return holding == null ? files.firstKey() : holding;
    }

    /** The first number of the segment after that one; the oldest one's if that one has gone and others with it. */
    long after(long segment) {
        Long next = files.higherKey(segment);
        return next == null ? end.segment() : next;
    }

    /** All there are now, oldest first. */
    SortedMap<Long, Path> all() {
        return new TreeMap<>(files);
    }

    Path path(long segment) {
        return folder.resolve(String.format(Locale.ROOT, "%019d.jsonl", segment));
    }

    /** How long a segment becomes: an eighth of all, so that what goes with the oldest is little. */
    long segmentBytes() {
        return most / 8;
    }

    boolean full() {
        return end.length() >= segmentBytes();
    }

    /** Adds what was written in one piece; nothing of it holds when that fails. */
    void append(ByteBuffer bytes, long last) throws IOException {
        End before = end;
        try {
            long at = before.length();
            while (bytes.hasRemaining()) {
                at += file.write(bytes, at);
            }
            end = new End(before.segment(), at, last);
        } catch (IOException e) {
            file.truncate(before.length());
            throw e;
        }
    }

    /** Goes on in a new segment. */
    void roll() throws IOException {
        if (end.last() < end.segment()) {
            // A segment of this name exists, without an event; a number is left out.
            end = new End(end.segment(), end.length(), end.segment());
        }
        long first = end.last() + 1;
        FileChannel next = open(path(first));
        files.put(first, path(first));
        file.close();
        file = next;
        end = new End(first, 0, end.last());
        dropOldest();
    }

    /** Forgets everything but the numbers. */
    void clear() throws IOException {
        roll();
        while (files.size() > 1) {
            drop();
        }
    }

    /** Leaves room for a whole segment. */
    private void dropOldest() throws IOException {
        long kept = segmentBytes();
        for (Path path : files.values()) {
            kept += Files.size(path);
        }
        while (kept > most && files.size() > 1) {
            kept -= Files.size(files.firstEntry().getValue());
            drop();
        }
    }

    private void drop() {
        Map.Entry<Long, Path> oldest = files.pollFirstEntry();
        try {
            Files.deleteIfExists(oldest.getValue());
        } catch (IOException e) {
            LOG.warn("{} could not be removed: {}", oldest.getValue(), e.getMessage());
        }
    }

    private static FileChannel open(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
