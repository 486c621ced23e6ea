package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.model.Frame;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An attach to a waiting container, opened beforehand so that what is written to it is all that a job's start still costs. */
final class TriggerLine extends EngineStream<Frame> {

    private static final Logger LOG = LoggerFactory.getLogger(TriggerLine.class);

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
        line.write(ascii("go\n"));
    }

    /** The job's files and go in one: what could be unpacked is begun. */
    void send(byte[] archive) {
        begin(archive.length);
        line.write(archive);
    }

    /** An archive of that length is about to follow. */
    void begin(int length) {
        line.write(ascii(length + "\n"));
    }

    @Override
    public void close() {
        line.write(Line.END);
        super.close();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Blocks until there is something; pipes of the JDK would break when the thread that wrote ends. */
    private static final class Line extends InputStream {

        private static final byte[] END = {};

        private final LinkedBlockingQueue<byte[]> chunks = new LinkedBlockingQueue<>();

        /** Of the client's thread, the only reader. */
        private byte[] chunk = {0};

        private int position = 1;

        void write(byte[] bytes) {
            chunks.add(bytes);
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (length == 0) {
                return 0;
            }
            // The client's own thread copies from here; when the connection breaks it throws what nobody catches.
            Thread.currentThread().setUncaughtExceptionHandler(Line::broken);
            while (position == chunk.length) {
                if (chunk.length == 0) {
                    return -1;
                }
                try {
                    chunk = chunks.take();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return -1;
                }
                position = 0;
            }
            int count = Math.min(length, chunk.length - position);
            System.arraycopy(chunk, position, buffer, offset, count);
            position += count;
            return count;
        }

        private static void broken(Thread thread, Throwable failure) {
            LOG.debug("The line to a waiting container broke: {}", failure.getMessage());
        }
    }
}
