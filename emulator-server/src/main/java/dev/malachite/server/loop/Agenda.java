package dev.malachite.server.loop;

import dev.malachite.engine.Command;
import dev.malachite.engine.FaultId;
import dev.malachite.engine.JobId;
import dev.malachite.engine.TargetId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When the loop does something though nobody asks: on the emulator's clock, in order, and never by looking again and again. */
final class Agenda {

    private static final Logger LOG = LoggerFactory.getLogger(Agenda.class);

    private final WakeUps<TargetId> targets = new WakeUps<>();
    private final WakeUps<JobId> parents = new WakeUps<>();
    private final WakeUps<FaultId> faults = new WakeUps<>();
    private final ClockTimers timers;

    Agenda(ClockTimers timers) {
        this.timers = timers;
    }

    /** Says whom to wake when somebody has set a timer, so that the next time may have become an earlier one. */
    void onTimer(Runnable wake) {
        timers.onChange(wake);
    }

    /** The earliest time of all. */
    Optional<Instant> next() {
        return Stream.of(targets.next(), parents.next(), faults.next(), timers.next())
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }

    /** Whether a clock that turns itself has a reason to; faults, and timers of what recurs for ever, are none. */
    boolean presses() {
        return targets.next().isPresent() || parents.next().isPresent() || timers.isPressing();
    }

    /** Sets when the target is to be looked at; empty for not at all. */
    void target(TargetId target, Optional<Instant> time) {
        targets.at(target, time);
    }

    /** Sets when the parent is to be looked at; empty for not at all. */
    void parent(JobId parent, Optional<Instant> time) {
        parents.at(parent, time);
    }

    /** Sets when the fault begins or ends by itself; empty for not at all. */
    void fault(FaultId fault, Optional<Instant> time) {
        faults.at(fault, time);
    }

    /** Runs the tasks of timers whose time has come; a bug in one is only its own. */
    void runTimers(Instant now) {
        for (Runnable task : timers.due(now)) {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("a timer met a bug", e);
            }
        }
    }

    /** Takes out the parents and faults whose time has come, as what the engine is told of them. */
    List<Command.Observation> observations(Instant now) {
        List<Command.Observation> due = new ArrayList<>();
        parents.due(now).forEach(parent -> due.add(new Command.ParentDue(parent)));
        faults.due(now).forEach(fault -> due.add(new Command.FaultDue(fault)));
        return due;
    }

    /** Takes out the targets whose time has come. */
    List<TargetId> targets(Instant now) {
        return targets.due(now);
    }
}
