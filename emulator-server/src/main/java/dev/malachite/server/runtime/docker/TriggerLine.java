package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.model.Frame;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;

/** An attach to a waiting container, opened beforehand so that one line is all that a job's start still costs. */
final class TriggerLine extends EngineStream<Frame> {

    private static final int END = -1;

    private final Line line = new Line();

    static TriggerLine open(Engine engine, String container) {
        TriggerLine trigger = new TriggerLine();
        engine.streams()
                .attachContainerCmd(container)
                .withStdIn(trigger.line)
                // Without following, the client drops what is written.
                .withFollowStream(true)
                .exec(trigger);
        return trigger;
    }

    @Override
    public void onNext(Frame frame) {
        // What the container prints is read from its log.
    }

    /** Says go; a container that has heard it before does not listen any more. */
    void pull() {
        for (byte letter : "go\n".getBytes(StandardCharsets.US_ASCII)) {
            line.bytes.add((int) letter);
        }
    }

    @Override
    public void close() {
        line.bytes.add(END);
        super.close();
    }

    /** Blocks until there is something; pipes of the JDK would break when the thread that wrote ends. */
    private static final class Line extends InputStream {

        private final LinkedBlockingQueue<Integer> bytes = new LinkedBlockingQueue<>();

        @Override
        public int read() {
            try {
                int next = bytes.take();
                if (next == END) {
                    bytes.add(END);
                }
                return next;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return END;
            }
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            int count = 0;
            do {
                int next = read();
                if (next == END) {
                    return count == 0 ? END : count;
                }
                buffer[offset + count++] = (byte) next;
            } while (count < length && !bytes.isEmpty());
            return count;
        }
    }
}
