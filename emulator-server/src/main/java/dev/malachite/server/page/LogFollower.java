package dev.malachite.server.page;

import dev.malachite.server.page.LogFile.Look;
import dev.malachite.server.web.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Sends a log to one reader as it grows: {@code log} events with the text, {@code restart} when the next attempt has
 * begun a new file, {@code end} when the run has ended and all of it was sent. Each event's id says how far the reader
 * is, so that one that lost its connection goes on where it was.
 */
final class LogFollower {

    private static final int PIECE = 64 * 1024;

    /** How often the file is looked at: file systems on all platforms can be asked, only some of them tell. */
    private static final Duration LOOK = Duration.ofMillis(100);

    /** Runs that no engine executes end without an event. */
    private static final Duration ASK = Duration.ofSeconds(2);

    /** A reader that has gone shows only when it is written to. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    private final LogFile file;
    private final SseEmitter reader;
    private final BooleanSupplier ended;
    private final Semaphore bell = new Semaphore(0);
    private volatile boolean closed;
    private String key;
    private long offset;

    /**
     * Begins where the reader is.
     *
     * @param key of the file that {@code offset} is in
     * @param ended whether the run has ended; asked when the bell rings and now and then
     */
    LogFollower(LogFile file, SseEmitter reader, BooleanSupplier ended, String key, long offset) {
        this.file = file;
        this.reader = reader;
        this.ended = ended;
        this.key = key;
        this.offset = offset;
    }

    /** Something happened to the run. */
    void ring() {
        bell.release();
    }

    /** The reader has gone, or we go. */
    void close() {
        closed = true;
        bell.release();
    }

    boolean isClosed() {
        return closed;
    }

    /** Returns when the log is complete or the reader has gone. */
    void follow() throws IOException, InterruptedException {
        reader.send(SseEmitter.event().comment("following"));
        long asked = System.nanoTime() - ASK.toNanos();
        long sent = System.nanoTime();
        boolean rung = true;
        while (!closed) {
            boolean over = false;
            if (rung || System.nanoTime() - asked >= ASK.toNanos()) {
                over = ended.getAsBoolean();
                asked = System.nanoTime();
            }
            // Asked before the file is read: what was printed before the end is in it by then.
            if (sendNew(over)) {
                sent = System.nanoTime();
            }
            if (over) {
                send("end", Json.object().put("next", offset).toString());
                return;
            }
            if (System.nanoTime() - sent >= KEEP_ALIVE.toNanos()) {
                reader.send(SseEmitter.event().comment("still here"));
                sent = System.nanoTime();
            }
            rung = bell.tryAcquire(LOOK.toNanos(), TimeUnit.NANOSECONDS);
            bell.drainPermits();
        }
    }

    /** Sends all that is there beyond the offset. */
    private boolean sendNew(boolean all) throws IOException {
        boolean any = false;
        while (!closed) {
            Look look = file.look();
            if (!look.key().equals(key) || look.length() < offset) {
                if (offset > 0) {
                    offset = 0;
                    key = look.key();
                    send("restart", "{}");
                }
                key = look.key();
            }
            if (look.length() == offset) {
                return any;
            }
            byte[] bytes = file.read(offset, PIECE);
            if (!file.look().key().equals(key)) {
                continue; // the file was set aside while it was read: these bytes may be the next one's
            }
            int whole = all && bytes.length < PIECE ? bytes.length : LogFile.whole(bytes);
            if (whole == 0) {
                return any;
            }
            long from = offset;
            offset += whole;
            send(
                    "log",
                    Json.text(Json.object()
                            .put("from", from)
                            .put("next", offset)
                            .put("text", LogFile.text(bytes, whole))));
            any = true;
        }
        return any;
    }

    private void send(String name, String data) throws IOException {
        reader.send(SseEmitter.event().id(key + "-" + offset).name(name).data(data));
    }
}
