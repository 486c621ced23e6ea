package dev.malachite.server.compute;

import dev.malachite.engine.Command;
import dev.malachite.engine.Instance;
import dev.malachite.engine.Power;
import dev.malachite.engine.Target;
import dev.malachite.engine.TargetId;
import dev.malachite.server.loop.Activity;
import dev.malachite.server.loop.Commands;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.runtime.Timers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The timers of compute instances' schedules: one an instance, for the next time that any of its schedules has. Up to when
 * they have been followed the engine knows, so of what a halt was in the way of only the last is made up for.
 */
@Component
class InstanceTimers {

    private static final Logger LOG = LoggerFactory.getLogger(InstanceTimers.class);

    /** Of what was missed before that nothing is looked for. */
    private static final Duration MADE_UP_FOR = Duration.ofDays(7);

    private final ControlLoop loop;
    private final Commands commands;
    private final Timers timers;
    private final Activity activity;
    private final Clock clock;
    private final Map<TargetId, Timers.Cancel> armed = new HashMap<>();

    /** Of real time, whatever the emulator's clock does. */
    private final Executor again = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

    private volatile boolean stopped;

    private record Due(Instant at, Power power) {}

    InstanceTimers(ControlLoop loop, Commands commands, Timers timers, Activity activity, Clock clock) {
        this.loop = loop;
        this.commands = commands;
        this.timers = timers;
        this.activity = activity;
        this.clock = clock;
    }

    @EventListener(ApplicationReadyEvent.class)
    void started() {
        loop.state().instances().forEach(instance -> arm(instance.id()));
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        stopped = true;
    }

    /** Sets the timer anew: the instance, or its schedules, may have changed. */
    synchronized void arm(TargetId id) {
        Timers.Cancel before = armed.remove(id);
        if (before != null) {
            before.cancel();
        }
        next(id).ifPresent(due -> armed.put(
                id, timers.meanwhile(due.at(), () -> activity.errand("power-schedule", () -> fire(id, due)))));
    }

    private Optional<Due> next(TargetId id) {
        Optional<Instance> instance = loop.state().instance(id);
        Optional<Target> target =
                loop.state().target(id).filter(Target::workplace).filter(found -> instance.isPresent());
        return target.flatMap(found -> next(found, instance.get().followedUntil()));
    }

    private Optional<Due> next(Target target, Instant followed) {
        Instant now = clock.instant();
        Instant earliest = now.minus(MADE_UP_FOR);
        Instant from = followed.isAfter(earliest) ? followed : earliest;
        var due = PowerSchedules.read(ComputeReader.inner(target), target.createdOn()).stream()
                .filter(PowerSchedules.Entry::enabled)
                .flatMap(entry -> next(entry, from, now).stream())
                .toList();
        // Of what has passed the last one, of what is to come the first.
        return due.stream()
                .filter(each -> !each.at().isAfter(now))
                .max(Comparator.comparing(Due::at))
                .or(() -> due.stream().min(Comparator.comparing(Due::at)));
    }

    private static Optional<Due> next(PowerSchedules.Entry entry, Instant from, Instant now) {
        Optional<Instant> next = entry.trigger().next(from);
        while (next.isPresent()) {
            Optional<Instant> later = entry.trigger().next(next.get()).filter(at -> !at.isAfter(now));
            if (later.isEmpty()) {
                break;
            }
            next = later;
        }
        return next.map(at -> new Due(at, entry.power()));
    }

    private void fire(TargetId id, Due due) {
        if (stopped) {
            return;
        }
        try {
            if (next(id).equals(Optional.of(due))) { // or it was changed while the timer fired
                commands.execute(new Command.FollowSchedule(id, due.power(), due.at()));
            }
            arm(id);
        } catch (RuntimeException e) {
            if (!stopped) {
                LOG.warn("a schedule of {} will be followed later: {}", id, e.getMessage());
                again.execute(() -> activity.errand("power-schedule", () -> fire(id, due)));
            }
        }
    }
}
