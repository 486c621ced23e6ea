package dev.malachite.server.scenario;

import dev.malachite.engine.Command;
import dev.malachite.engine.FaultId;
import dev.malachite.server.ClockMode;
import dev.malachite.server.control.EmulatorReset;
import dev.malachite.server.event.EventLog;
import dev.malachite.server.loop.Clockwork;
import dev.malachite.server.loop.Commands;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.runtime.Timers;
import dev.malachite.server.web.AzureException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Plays one scenario at a time: sets the clock and the faults, counts what happens, and knows when all is as expected. It
 * ends with the process; its faults and its clock are kept as any others.
 */
@Component
class Scenarios {

    private final ControlLoop loop;
    private final Commands commands;
    private final Clockwork clockwork;
    private final Clock clock;
    private final Timers timers;
    private final EventLog events;
    private @Nullable Played played;

    Scenarios(ControlLoop loop, Commands commands, Clockwork clockwork, Clock clock, Timers timers, EventLog events) {
        this.loop = loop;
        this.commands = commands;
        this.clockwork = clockwork;
        this.clock = clock;
        this.timers = timers;
        this.events = events;
    }

    /** Begins; what was played before is over, and its faults are undone. Returns when the clock has the mode, after a turn of it. */
    Played begin(Optional<ClockMode> mode, List<Command.AddFault> faults, Expectation expectation) {
        Played fresh = begin(faults, expectation);
        try {
            mode.ifPresent(clockwork::mode);
            return fresh;
        } catch (RuntimeException e) {
            end();
            throw e;
        }
    }

    private synchronized Played begin(List<Command.AddFault> faults, Expectation expectation) {
        end();
        Played fresh = new Played(expectation, clock.instant());
        played = fresh;
        fresh.begin();
        try {
            for (Command.AddFault fault : faults) {
                fresh.faults.add(commands.execute(fault).id());
            }
            return fresh;
        } catch (RuntimeException e) {
            end(); // half a scenario is none
            throw e;
        }
    }

    synchronized Optional<Played> current() {
        return Optional.ofNullable(played);
    }

    @EventListener(EmulatorReset.class)
    void reset() {
        end();
    }

    /** Undoes what it set, but for the clock. */
    synchronized void end() {
        Played before = played;
        played = null;
        if (before == null) {
            return;
        }
        before.stop();
        for (FaultId id : before.faults) {
            try {
                commands.execute(new Command.RemoveFault(id));
            } catch (AzureException e) {
                if (e.error().status() != HttpStatus.NOT_FOUND.value()) {
                    throw e;
                }
                // it has struck for the last time
            }
        }
    }

    /** One scenario as it goes. */
    final class Played {

        private final Expectation expectation;
        private final Instant begun;
        private final Map<String, Long> ended = new TreeMap<>();
        private final List<FaultId> faults = new ArrayList<>();
        private final CompletableFuture<Boolean> over = new CompletableFuture<>();
        private long evicted;

        /** What was not as expected when it was over; what comes later does not count. */
        private Optional<List<String>> verdict = Optional.empty();

        private EventLog.@Nullable Listening listening;
        private Timers.@Nullable Cancel deadline;

        Played(Expectation expectation, Instant begun) {
            this.expectation = expectation;
            this.begun = begun;
        }

        Instant begun() {
            return begun;
        }

        /** True once all is as expected, false when the time is up before that. */
        CompletableFuture<Boolean> over() {
            return over;
        }

        synchronized long evicted() {
            return evicted;
        }

        synchronized Map<String, Long> ended() {
            return new TreeMap<>(ended);
        }

        /** What is not as expected: now, or when it was over. */
        synchronized List<String> differences() {
            return verdict.orElseGet(this::differencesNow);
        }

        private List<String> differencesNow() {
            return expectation.differences(ended, evicted, loop.state().nodes().size());
        }

        private synchronized void happened(EventLog.Entry entry) {
            if (over.isDone()) {
                return;
            }
            if (entry.at().isAfter(end())) {
                look(true);
                return;
            }
            switch (entry.event().type()) {
                case "job.completed" -> ended.merge("Completed", 1L, Long::sum);
                case "job.failed" -> ended.merge("Failed", 1L, Long::sum);
                case "job.canceled" -> ended.merge("Canceled", 1L, Long::sum);
                case "node.preempted" -> evicted++;
                case "node.gone", "node.preparing" -> {} // the number of nodes has changed
                default -> {
                    return;
                }
            }
            look(false);
        }

        /** Waits for the end, or for so long in real time. */
        void await(Duration most) throws InterruptedException {
            try {
                over.get(most.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // then it goes on
            } catch (ExecutionException e) {
                throw new IllegalStateException("a scenario never fails by itself", e);
            }
        }

        private void begin() {
            listening = events.listen(this::happened);
            // No reason for a clock that turns itself to jump there.
            deadline = timers.meanwhile(end(), this::late);
        }

        private Instant end() {
            return begun.plus(expectation.within());
        }

        /** What has happened before is told by another thread. */
        private void late() {
            events.flush();
            look(true);
        }

        private synchronized void look(boolean late) {
            if (over.isDone()) {
                return;
            }
            List<String> differences = new ArrayList<>(differencesNow());
            boolean met = differences.isEmpty();
            boolean hopeless = expectation.missed(ended) && loop.state().jobs().isEmpty();
            if (met || late || hopeless) {
                if (late && !met) {
                    differences.add("The time of %s is up.".formatted(expectation.within()));
                }
                verdict = Optional.of(differences);
                over.complete(met);
            }
        }

        private void stop() {
            if (listening != null) {
                listening.close();
            }
            if (deadline != null) {
                deadline.cancel();
            }
            over.complete(false);
        }
    }
}
