package dev.malachite.testkit.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.testkit.client.Events;
import dev.malachite.testkit.client.MalachiteClient;
import dev.malachite.testkit.emulator.Emulator;
import dev.malachite.testkit.junit.EmulatorTest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two machines are wanted, and the subscription may have one. */
@EmulatorTest
class QuotaTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String D2 = "standardDv2Family";

    @Test
    void aJobWaitsForCoresUntilThereAreMore(Emulator emulator, MalachiteClient malachite) {
        malachite.quotas().limit(emulator.subscription(), D2, 2);
        TrainingService service = TrainingService.on(emulator);
        service.cluster("small", "Dedicated", 2);
        Events events = malachite.events();

        service.train("first", "small", "python train.py", Map.of(), Map.of("malachite.duration", "PT1H"));
        events.await("job.running", "first", SOON);
        service.train("second", "small", "python train.py", Map.of(), Map.of("malachite.duration", "PT1H"));
        events.await("job.queued", "second", SOON);

        assertThat(service.status("second")).isEqualTo("Queued");
        assertThat(malachite.explain("second").why()).contains("quota", "2 of 2 cores", D2);

        malachite.quotas().limit(emulator.subscription(), D2, 4);

        events.await("job.running", "second", SOON);
        assertThat(service.nodes("small")).isEqualTo(2);
        assertThat(malachite.quotas().of(emulator.subscription(), D2))
                .hasValueSatisfying(limit -> assertThat(limit.used()).isEqualTo(4));
    }
}
