package dev.malachite.testkit.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.testkit.client.Events;
import dev.malachite.testkit.client.MalachiteClient;
import dev.malachite.testkit.emulator.Emulator;
import dev.malachite.testkit.emulator.JobRuntime;
import dev.malachite.testkit.junit.EmulatorTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A low-priority node is taken away in the middle of a training that knows how to go on. The script really runs. */
@EmulatorTest(runtime = JobRuntime.PROCESS)
class EvictionTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void anEvictedJobGoesOnFromItsCheckpoint(Emulator emulator, MalachiteClient malachite) throws Exception {
        TrainingService service = TrainingService.on(emulator);
        service.cluster("spot", "LowPriority", 1);
        Events events = malachite.events();

        try (Milestones milestones = new Milestones()) {
            service.train(
                    "resumable",
                    "spot",
                    // The program takes the shell's place, so that SIGTERM finds it.
                    "exec python - <<'END'\n" + script() + "\nEND",
                    Map.of("MILESTONES", milestones.address().toString()),
                    Map.of());
            milestones.await("attempt-1-step-3", SOON);

            String node = malachite.overview().nodeOf("resumable").orElseThrow().id();
            malachite.nodes().evict(node);

            events.await(
                    event -> event.is("node.gone")
                            && event.node().filter(node::equals).isPresent(),
                    SOON);
            events.await("job.completed", "resumable", SOON);
        }

        assertThat(artifact(emulator, service, "resumable", "outputs/steps.txt"))
                .isEqualTo("attempt 1: 1\nattempt 1: 2\nattempt 1: 3\nattempt 2: 4\nattempt 2: 5\n");
    }

    /** What a run keeps is in its history, under its name. */
    private static String artifact(Emulator emulator, TrainingService service, String run, String path)
            throws IOException, InterruptedException {
        URI address = URI.create("%s/artifact/v2.0%s/artifacts/content/ExperimentRun/dcid.%s/%s"
                .formatted(emulator.endpoint(), service.workspaceId(), run, path));
        HttpResponse<String> answer = emulator.http()
                .send(
                        HttpRequest.newBuilder(address)
                                .header("Authorization", "Bearer " + emulator.token())
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static String script() throws IOException {
        try (InputStream file = EvictionTest.class.getResourceAsStream("/resumable.py")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
