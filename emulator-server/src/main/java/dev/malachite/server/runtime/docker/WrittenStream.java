package dev.malachite.server.runtime.docker;

import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What somebody writes, to be read as it comes: however long it is, it needs no more memory than its buffer. */
final class WrittenStream extends FilterInputStream {

    private static final Logger LOG = LoggerFactory.getLogger(WrittenStream.class);
    private static final int BUFFER = 1 << 18;

    /** Writes the whole of it. */
    interface Writer {
        void write(OutputStream out) throws IOException;
    }

    private volatile @Nullable IOException failure;

    WrittenStream(String name, Writer writer) throws IOException {
        super(new PipedInputStream(BUFFER));
        PipedOutputStream pipe = new PipedOutputStream((PipedInputStream) in);
        Thread.ofVirtual().name(name).start(() -> {
            try (pipe) {
                fill(pipe, writer);
            } catch (IOException e) {
                LOG.debug("The end of {} could not be told: {}", name, e.getMessage());
            }
        });
    }

    /** A failure is noted before the pipe is closed: the reader takes that for the end. */
    private void fill(OutputStream pipe, Writer writer) {
        try {
            OutputStream out = new BufferedOutputStream(pipe, BUFFER / 4);
            writer.write(out);
            out.flush();
        } catch (IOException e) {
            failure = e;
        } catch (RuntimeException e) {
            failure = new IOException(e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        IOException broken = failure;
        if (count < 0 && broken != null) {
            // Half of it must not pass for the whole.
            throw new IOException("What is to be read could not be written: " + broken.getMessage(), broken);
        }
        return count;
    }
}
