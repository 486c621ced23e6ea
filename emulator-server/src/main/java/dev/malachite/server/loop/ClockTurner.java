package dev.malachite.server.loop;

import dev.malachite.engine.RuntimeKind;
import dev.malachite.engine.State;
import dev.malachite.server.ClockMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Turns the clock from timer to timer, on the loop's thread: each fires at its own time, and what it causes (actions,
 * observations, further timers that are due) is seen at that time too, because the clock stands still meanwhile. What
 * users ask for during a turn is served at the time that it has come to.
 */
final class ClockTurner {

    /** A container that takes long to start, a process that will not stop: the clock does not wait for them for ever. */
    private static final Duration LONGEST_STEP = Duration.ofSeconds(10);

    /**
     * Between two jumps of a clock that turns itself. A timer that sets itself anew for ever (an allocation that fails
     * and is tried again) makes it jump for ever: this leaves most of a core free, while 1 000 jumps a second are more
     * than what a jump causes can keep up with where something real happens.
     */
    private static final Duration BETWEEN_JUMPS = Duration.ofMillis(1);

    /** When nothing is known to happen, the loop looks anyway. */
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(5);

    private final EmulatorClock clock;
    private final Activity activity;
    private final Loop loop;
    private volatile boolean turning;
    private long lastJump = System.nanoTime() - BETWEEN_JUMPS.toNanos();

    /** What turning needs of the loop; all of it on the loop's thread. */
    interface Loop {

        State state();

        /** The hands that carry out what is planned. */
        ActionDispatcher hands();

        /** The time of the next timer. */
        Optional<Instant> next();

        /** Whether a timer is set that ends something, rather than one that recurs for ever. */
        boolean pressing();

        /** Whether tries are in vain until a fault ends by itself. */
        boolean held();

        /** Whether nobody has asked for anything that was not served. */
        boolean served();

        /**
         * Serves what is asked, and fires what is due; false when it could not be written.
         *
         * @param wait how long to wait for something when nothing is asked
         */
        boolean step(Duration wait) throws InterruptedException;

        boolean running();
    }

    ClockTurner(EmulatorClock clock, Activity activity, Loop loop) {
        this.clock = clock;
        this.activity = activity;
        this.loop = loop;
    }

    /** Whether the end of an action or of a request matters at the moment. */
    boolean watches() {
        return turning || clock.mode().kind() == ClockMode.Kind.AUTO;
    }

    /** How long the loop may sleep, in real time, when nobody asks for anything. */
    Duration sleep() {
        if (nextJump().isPresent()) {
            Duration since = Duration.ofNanos(System.nanoTime() - lastJump);
            return since.compareTo(BETWEEN_JUMPS) >= 0 ? Duration.ZERO : BETWEEN_JUMPS.minus(since);
        }
        return loop.next().map(next -> clock.until(next, LONGEST_SLEEP)).orElse(LONGEST_SLEEP);
    }

    /** Jumps to the next timer when the clock turns itself and nothing goes on. */
    void jump() throws InterruptedException {
        Optional<Instant> next = nextJump();
        if (next.isPresent()) {
            begin();
            try {
                fire(next.get());
            } finally {
                end();
                lastJump = System.nanoTime();
            }
        }
    }

    /** Turns the clock to {@code end}; timers on the way fire in order. */
    void turn(Instant end) throws InterruptedException {
        begin();
        try {
            clock.hold(clock.instant());
            boolean written = settle(0);
            for (Optional<Instant> next = due(end); written && next.isPresent(); next = due(end)) {
                written = fire(next.get());
            }
            if (!written || !loop.running()) {
                throw new CutShort(clock.instant());
            }
            clock.hold(end);
            loop.step(Duration.ZERO);
        } finally {
            end();
        }
    }

    /** The clock could not be turned as far as it was to be, because what a timer caused could not be written. */
    static final class CutShort extends RuntimeException {

        private static final long serialVersionUID = 1;

        CutShort(Instant at) {
            super("The clock came to %s only: what happens there could not be written.".formatted(at));
        }
    }

    private Optional<Instant> due(Instant end) {
        return loop.next().filter(next -> loop.running() && !next.isAfter(end));
    }

    private void begin() {
        turning = true;
    }

    private void end() {
        clock.release();
        turning = false;
    }

    private boolean fire(Instant at) throws InterruptedException {
        long before = loop.hands().begunSoFar();
        clock.hold(at);
        return settle(before);
    }

    /** Until all that has begun after {@code before} has ended and been told; false when something could not be written. */
    private boolean settle(long before) throws InterruptedException {
        long start = System.nanoTime();
        Duration wait = Duration.ZERO;
        while (loop.step(wait)) {
            // In this order: an action has told what came of it before it ends.
            boolean ended = activity.errandsDone() && loop.hands().endedSince(before);
            boolean served = loop.served() && nothingDue();
            if (ended && served) {
                return true;
            }
            Duration left = LONGEST_STEP.minusNanos(System.nanoTime() - start);
            if (left.isNegative() || !loop.running()) {
                return true;
            }
            wait = served ? left : Duration.ZERO;
        }
        return false;
    }

    private boolean nothingDue() {
        return loop.next().map(next -> next.isAfter(clock.instant())).orElse(true);
    }

    /** Where to jump to: empty in other modes, while something goes on, and when nothing is to come. */
    private Optional<Instant> nextJump() {
        if (clock.mode().kind() != ClockMode.Kind.AUTO
                || !activity.quiet()
                || !(loop.hands().idle() || (loop.held() && loop.hands().endedSince(0)))
                || !loop.served()
                || !loop.pressing()
                || runsForReal(loop.state())) {
            return Optional.empty();
        }
        return loop.next().filter(next -> next.isAfter(clock.instant()) && next.isBefore(EmulatorClock.LAST));
    }

    /** Whether a job has a container or a process, which lives in real time. */
    private static boolean runsForReal(State state) {
        return state.targets().stream()
                .filter(target -> target.runtime() != RuntimeKind.SIMULATED)
                .flatMap(target -> state.nodesOf(target.id()).stream())
                .flatMap(node -> node.job().stream())
                .anyMatch(job -> state.job(job).isPresent());
    }
}
