package dev.malachite.server.runtime.ssh;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@code m_follow} of {@code machine.sh} says of a job, and believes its machine no more than that can be. */
final class JobFrames {

    /** What it hands on at once. */
    private static final int LONGEST = 1 << 20;

    private static final int LONGEST_LINE = 100;
    private static final Pattern LOG = Pattern.compile("log (\\d{1,5}) (\\d{1,8})");

    private JobFrames() {}

    /** Takes a piece of the log of that number. */
    interface Sink {
        void log(int number, byte[] bytes) throws IOException;
    }

    /** Takes frames until one that tells the end, and returns that. */
    static String read(InputStream out, int logs, Sink sink) throws IOException {
        while (true) {
            String frame = line(out);
            if (!frame.startsWith("log ")) {
                return frame;
            }
            Matcher log = LOG.matcher(frame);
            int number = log.matches() ? Integer.parseInt(log.group(1)) : logs;
            int length = log.matches() ? Integer.parseInt(log.group(2)) : 0;
            if (number >= logs || length > LONGEST) {
                throw new IOException("The machine says '" + frame + "' of the job.");
            }
            sink.log(number, out.readNBytes(length));
        }
    }

    private static String line(InputStream out) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = out.read(); next != '\n'; next = out.read()) {
            if (next < 0) {
                throw new EOFException("the connection was lost");
            }
            if (line.size() == LONGEST_LINE) {
                throw new IOException("The machine says more of the job than can be.");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
