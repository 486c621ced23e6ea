package dev.malachite.server.control;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads a body line by line; a body or a line that is too long is refused, however it is sent. */
final class BodyLines {

    /** What 512 commands, which is most in a batch, cannot come to. */
    private static final int LONGEST = 16 * 1024 * 1024;

    private final InputStream body;
    private final long most;
    private long taken;

    BodyLines(InputStream body, long most) {
        this.body = new BufferedInputStream(body, 64 * 1024);
        this.most = most;
    }

    /** The next line; null at the end. */
    @Nullable
    String next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int read = body.read(); read != '\n'; read = body.read()) {
            if (read < 0) {
                return line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
            }
            line.write(read);
            if (++taken > most) {
                throw new AzureException(Errors.tooLarge("The log", most));
            }
            if (line.size() > LONGEST) {
                throw new AzureException(Errors.tooLarge("A line of the log", LONGEST));
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
