package dev.malachite.server.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.server.runtime.JobStart;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.runtime.NodeRuntimeContract;
import dev.malachite.server.runtime.RuntimeObserver;
import dev.malachite.server.runtime.Timers;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SimulatedRuntimeTest extends NodeRuntimeContract {

    private final TurnedClock clock = new TurnedClock();

    @Override
    protected NodeRuntime open(RuntimeObserver observer) throws IOException {
        return new SimulatedRuntime(new SimulatedStore(data.resolve("simulated")), clock, clock, observer);
    }

    @Override
    protected boolean real() {
        return false;
    }

    @Override
    protected void letTimePass() {
        clock.turn(Duration.ofSeconds(20));
    }

    @Test
    void aJobEndsWhenItsTimeHasComeAndNotBefore() throws Exception {
        runtime.startJob(openNode(1), job("", Map.of("malachite.duration", "PT1H")));
        clock.turn(Duration.ofMinutes(59));
        assertThat(observations.nothingMore()).isTrue();
        clock.turn(Duration.ofMinutes(1));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
    }

    @Test
    void anEndLooksAtNoFile() throws Exception {
        runtime.startJob(openNode(1), job("", Map.of("malachite.exitCode", "5")));
        Files.delete(data.resolve("simulated").resolve("nodes"));
        letTimePass();
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 5");
    }

    @Test
    void aTagThatMakesNoSenseIsSaidInTheLog() throws Exception {
        runtime.startJob(openNode(1), job("", Map.of("malachite.duration", "soon", "malachite.exitCode", "256")));
        clock.turn(Duration.ofSeconds(1));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
        assertThat(log())
                .containsExactly(
                        "The tag malachite.duration is no ISO 8601 duration: soon",
                        "The tag malachite.exitCode is not from 0 to 255: 256");
    }

    @Test
    void aJobThatSaysNothingLeavesNoLog() throws Exception {
        Map<String, String> silent = Map.of("malachite.duration", "PT1S", "malachite.exitCode", "3");
        assertThat(SimulatedJob.isSilent(silent)).isTrue();
        assertThat(SimulatedJob.isSilent(Map.of("malachite.exitCode", "x"))).isFalse();
        JobStart job = job("", silent);
        Files.deleteIfExists(job.log());
        runtime.startJob(openNode(1), job);
        letTimePass();
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 3");
        assertThat(job.log()).doesNotExist();
    }

    /** A clock that stands until the test turns it. */
    private static final class TurnedClock extends Clock implements Timers {

        private record Timer(Instant when, Runnable task) {}

        private final List<Timer> timers = new ArrayList<>();
        private Instant now = Instant.parse("2030-01-01T00:00:00Z");

        @Override
        public Cancel at(Instant when, Runnable task) {
            Timer timer = new Timer(when, task);
            timers.add(timer);
            return () -> timers.remove(timer);
        }

        @Override
        public Cancel meanwhile(Instant when, Runnable task) {
            return at(when, task);
        }

        void turn(Duration duration) {
            now = now.plus(duration);
            List<Timer> due = timers.stream()
                    .filter(timer -> !timer.when().isAfter(now))
                    .sorted(Comparator.comparing(Timer::when))
                    .toList();
            timers.removeAll(due);
            due.forEach(timer -> timer.task().run());
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
