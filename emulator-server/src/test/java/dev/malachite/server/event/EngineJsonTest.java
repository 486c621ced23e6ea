package dev.malachite.server.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.engine.Change;
import dev.malachite.engine.Command;
import dev.malachite.engine.JobId;
import dev.malachite.engine.NodeId;
import dev.malachite.engine.WorkspaceId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the engine can be told, and whatever a state is made of, is read as it was written. */
class EngineJsonTest {

    static Stream<Class<?>> commands() {
        return Samples.records(Command.class).stream();
    }

    static Stream<Class<?>> changes() {
        return Samples.records(Change.class).stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandIsReadAsItWasWritten(Class<?> record) {
        Command<?> sample = (Command<?>) Samples.of(record, false);
        LogLine.Batch batch = new LogLine.Batch(Instant.EPOCH, List.of(sample), List.of(), 0);
        String json = EngineJson.MAPPER.writeValueAsString(new LogLine(null, null, batch));

        LogLine read = EngineJson.MAPPER.readValue(json, LogLine.class);

        assertThat(Objects.requireNonNull(read.told()).commands())
                .containsExactly((Command<?>) Samples.of(record, true));
        assertThat(json).contains("{\"" + record.getSimpleName() + "\":").doesNotContain("document", "attachment");
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aChangeIsReadAsItWasWritten(Class<?> record) {
        String json = EngineJson.MAPPER.writeValueAsString(LogLine.change((Change) Samples.of(record, false)));

        assertThat(EngineJson.MAPPER.readValue(json, LogLine.class).change()).isEqualTo(Samples.of(record, true));
        assertThat(json).doesNotContain("document", "attachment");
    }

    @Test
    void whatIsMissingStaysMissing() {
        Command<?> exit = new Command.JobExited(new NodeId("tvm-1"), 2, 0);
        Command<?> cancel = new Command.CancelJob(new JobId(new WorkspaceId("w"), "r"));

        assertThat(EngineJson.MAPPER.writeValueAsString(
                        new LogLine(null, null, new LogLine.Batch(Instant.EPOCH, List.of(exit, cancel), List.of(), 1))))
                .isEqualTo("{\"told\":{\"at\":\"1970-01-01T00:00:00Z\",\"commands\":["
                        + "{\"JobExited\":{\"node\":\"tvm-1\",\"generation\":2,\"exitCode\":0}},"
                        + "{\"CancelJob\":{\"id\":{\"workspace\":\"w\",\"run\":\"r\"}}}],"
                        + "\"reconciled\":[],\"events\":1}}");
    }
}
