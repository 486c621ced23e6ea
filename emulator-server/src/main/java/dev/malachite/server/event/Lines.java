package dev.malachite.server.event;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Reads a file line by line up to a length that grows; keeps no more than one line and one block in memory. */
final class Lines implements AutoCloseable {

    private static final int BLOCK = 64 * 1024;

    private final FileChannel file;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK).limit(0);
    private byte[] line = new byte[1024];
    private int length;
    private long position;

    Lines(Path path, long from) throws IOException {
        this.file = FileChannel.open(path, StandardOpenOption.READ);
        this.position = from;
    }

    /** Goes to the next line that ends before {@code limit}; false when there is none yet. */
    boolean next(long limit) throws IOException {
        length = 0;
        long start = position;
        while (true) {
            while (block.hasRemaining() && position < limit) {
                byte next = block.get();
                position++;
                if (next == '\n') {
                    return true;
                }
                if (length == line.length) {
                    line = Arrays.copyOf(line, length * 2);
                }
                line[length++] = next;
            }
            if (position >= limit) {
                // Half a line is read again when the rest of it is there.
                position = start;
                block.limit(0);
                return false;
            }
            block.clear();
            int read = file.read(block, position);
            block.flip();
            if (read <= 0) {
                position = start;
                block.limit(0);
                return false;
            }
        }
    }

    /** The bytes of the line; those after {@link #length()} are not its. */
    byte[] bytes() {
        return line;
    }

    int length() {
        return length;
    }

    /** Where the next line begins. */
    long position() {
        return position;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
