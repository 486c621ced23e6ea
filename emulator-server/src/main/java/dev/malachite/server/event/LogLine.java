package dev.malachite.server.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.malachite.engine.Change;
import dev.malachite.engine.Command;
import dev.malachite.engine.TargetId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A line of the log that is no event; exactly one of its parts is there. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LogLine(
        @Nullable Beginning state,
        @Nullable Change change,
        @Nullable Batch told) {

    private static final byte[] BATCH = "{\"told\":".getBytes(StandardCharsets.UTF_8);
    private static final byte[] STATE = "{\"state\":\"BEGINS\"".getBytes(StandardCharsets.UTF_8);

    /** What is known of the state from here on. */
    enum Beginning {
        /** It is empty but for the changes on the lines that follow. */
        BEGINS,
        /** It is what the lines before have made of it; too much to be written down again. */
        GOES_ON,
        /** It is too much to be written down, and what went before is missing. */
        UNKNOWN
    }

    /**
     * What the engine was told at one time.
     *
     * @param events how many events came of it; they stand on the lines that follow
     */
    record Batch(Instant at, List<Command<?>> commands, List<TargetId> reconciled, int events) {

        Batch {
            Objects.requireNonNull(at, "at");
            commands = List.copyOf(commands);
            reconciled = List.copyOf(reconciled);
        }
    }

    static LogLine state(Beginning state) {
        return new LogLine(state, null, null);
    }

    static LogLine change(Change change) {
        return new LogLine(null, change, null);
    }

    static LogLine told(Told told) {
        return new LogLine(
                null,
                null,
                new Batch(
                        told.at(),
                        told.commands(),
                        told.reconciled(),
                        told.events().size()));
    }

    static boolean isBatch(byte[] line, int length) {
        return begins(line, length, BATCH);
    }

    /** Whether a reader who knows nothing can begin at this line. */
    static boolean isState(byte[] line, int length) {
        return begins(line, length, STATE);
    }

    private static boolean begins(byte[] line, int length, byte[] with) {
        if (length < with.length) {
            return false;
        }
        for (int i = 0; i < with.length; i++) {
            if (line[i] != with[i]) {
                return false;
            }
        }
        return true;
    }
}
