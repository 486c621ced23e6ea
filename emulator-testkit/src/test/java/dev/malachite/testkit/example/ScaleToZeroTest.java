package dev.malachite.testkit.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.testkit.client.EmulatorClock;
import dev.malachite.testkit.client.Events;
import dev.malachite.testkit.emulator.Emulator;
import dev.malachite.testkit.junit.EmulatorTest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Twelve minutes of a cluster's life, without waiting for one of them. */
@EmulatorTest
class ScaleToZeroTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void aClusterIsEmptyTwoMinutesAfterItsLastJob(Emulator emulator, EmulatorClock clock, Events events) {
        TrainingService service = TrainingService.on(emulator);
        service.cluster("cpu", "Dedicated", 2);
        assertThat(service.nodes("cpu")).isZero();

        service.train("train-1", "cpu", "python train.py", Map.of(), Map.of("malachite.duration", "PT10M"));
        events.await("job.running", "train-1", SOON);
        assertThat(service.nodes("cpu")).isEqualTo(1);

        clock.advance(Duration.ofMinutes(10));
        events.await("job.completed", "train-1", SOON);
        assertThat(service.status("train-1")).isEqualTo("Completed");

        clock.advance(Duration.ofSeconds(115));
        assertThat(service.nodes("cpu")).isEqualTo(1);

        clock.advance(Duration.ofSeconds(5));
        events.await(
                event -> event.is("node.gone")
                        && event.target().filter("cpu"::equals).isPresent(),
                SOON);
        assertThat(service.nodes("cpu")).isZero();
    }
}
