package dev.malachite.server.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.engine.Action;
import dev.malachite.engine.Change;
import dev.malachite.engine.ImageKey;
import dev.malachite.engine.RuntimeKind;
import dev.malachite.engine.State;
import dev.malachite.server.ClockMode;
import dev.malachite.server.event.Samples;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A clock that turns itself waits for whatever goes on, and for nothing else. */
class ClockTurnerTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant TIMER = START.plus(Duration.ofHours(1));

    private final EmulatorClock clock = new EmulatorClock(InstantSource.fixed(START), Optional.of(ClockMode.AUTO));
    private final Activity activity = new Activity();
    private final CountDownLatch finish = new CountDownLatch(1);
    private final ActionDispatcher hands = new ActionDispatcher((action, done) -> {
        finish.await();
        return true;
    });
    private State state = State.empty();
    private boolean asked;
    private boolean pressing = true;
    private final ClockTurner turner = new ClockTurner(clock, activity, new Loop());

    @Test
    void jumpsToTheNextTimerWhenNothingGoesOn() throws InterruptedException {
        turner.jump();

        assertThat(clock.instant()).isEqualTo(TIMER);
    }

    @Test
    void waitsForARequest() throws InterruptedException {
        activity.begin();
        turner.jump();
        assertThat(clock.instant()).isEqualTo(START);

        activity.end();
        turner.jump();
        assertThat(clock.instant()).isEqualTo(TIMER);
    }

    @Test
    void waitsForAnAction() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        hands.onEnd(ended::countDown);
        hands.want("scope", List.of(new Action.PrepareImage(new ImageKey("key"), RuntimeKind.SIMULATED)));
        turner.jump();
        assertThat(clock.instant()).isEqualTo(START);

        finish.countDown();
        ended.await();
        turner.jump();
        assertThat(clock.instant()).isEqualTo(TIMER);
    }

    @Test
    void waitsForAJobOnARealNode() throws InterruptedException {
        State running = State.empty()
                .apply((Change) Samples.of(Change.TargetPut.class, false))
                .apply((Change) Samples.of(Change.NodePut.class, false))
                .apply((Change) Samples.of(Change.JobPut.class, false));
        assertThat(running.targets()).extracting(target -> target.runtime()).containsExactly(RuntimeKind.DOCKER);
        assertThat(running.nodes()).hasSize(1);
        state = running;
        turner.jump();
        assertThat(clock.instant()).isEqualTo(START);

        state = running.apply((Change) Samples.of(Change.JobEnded.class, false));
        turner.jump();
        assertThat(clock.instant()).isEqualTo(TIMER);
    }

    @Test
    void waitsForWhatIsAsked() throws InterruptedException {
        asked = true;
        turner.jump();

        assertThat(clock.instant()).isEqualTo(START);
    }

    @Test
    void doesNotJumpForWhatRecursForEver() throws InterruptedException {
        pressing = false;
        turner.jump();

        assertThat(clock.instant()).isEqualTo(START);
    }

    @Test
    void doesNotJumpInOtherModes() throws InterruptedException {
        for (ClockMode mode :
                List.of(ClockMode.REAL, ClockMode.MANUAL, ClockMode.scaled(60).orElseThrow())) {
            clock.mode(mode);
            turner.jump();
            assertThat(clock.instant()).isEqualTo(START);
        }
        assertThat(turner.sleep()).isEqualTo(Duration.ofMinutes(1).plusNanos(1000));
    }

    /** One timer, which fires once. */
    private final class Loop implements ClockTurner.Loop {

        @Override
        public State state() {
            return state;
        }

        @Override
        public ActionDispatcher hands() {
            return hands;
        }

        @Override
        public Optional<Instant> next() {
            return clock.instant().isBefore(TIMER) ? Optional.of(TIMER) : Optional.empty();
        }

        @Override
        public boolean pressing() {
            return pressing;
        }

        @Override
        public boolean held() {
            return false;
        }

        @Override
        public boolean served() {
            return !asked;
        }

        @Override
        public boolean step(Duration wait) {
            return true;
        }

        @Override
        public boolean running() {
            return true;
        }
    }
}
