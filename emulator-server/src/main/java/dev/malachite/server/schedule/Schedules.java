package dev.malachite.server.schedule;

import dev.malachite.api.Errors;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.disk.DiskFull;
import dev.malachite.server.loop.Activity;
import dev.malachite.server.runtime.Timers;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRemoval;
import dev.malachite.server.workspace.Workspaces;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.stereotype.Service;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schedules of all workspaces, each with a timer on the emulator's clock. When one is due its run is submitted, and
 * only then is its next time written: what a crash comes between is made up for at the next start, under the same name.
 * Of the times that went by meanwhile that is the only one.
 */
@Service
@Order(Ordered.HIGHEST_PRECEDENCE) // no schedule begins another job of a workspace whose jobs have been ended
class Schedules implements WorkspaceRemoval {

    private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);

    /** Its runs' ids are longer by seventeen characters, and end at 255. */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9\\-_]{0,199}");

    private static final int MAX_DOCUMENT = 900_000;
    private static final int MAX_IN_WORKSPACE = 1000;

    private final ScheduleRows rows;
    private final ScheduledJobs jobs;
    private final ObjectProvider<Workspaces> workspaces;
    private final Timers timers;
    private final Activity activity;
    private final Clock clock;

    /** Whoever changes a schedule and whoever fires it take turns. */
    private final ReentrantLock turn = new ReentrantLock();

    private final Map<Key, Timers.Cancel> armed = new HashMap<>();

    /** Of real time, whatever the emulator's clock does. */
    private final Executor again = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

    private volatile boolean stopped;

    private record Key(WorkspaceId workspace, String name) {}

    Schedules(
            ScheduleRows rows,
            ScheduledJobs jobs,
            ObjectProvider<Workspaces> workspaces,
            Timers timers,
            Activity activity,
            Clock clock) {
        this.rows = rows;
        this.jobs = jobs;
        this.workspaces = workspaces;
        this.timers = timers;
        this.activity = activity;
        this.clock = clock;
    }

    @EventListener(ApplicationReadyEvent.class)
    void started() {
        turn.lock();
        try {
            rows.due().forEach(this::arm);
        } finally {
            turn.unlock();
        }
    }

    Optional<Schedule> find(WorkspaceId workspace, String name) {
        return rows.find(workspace, name);
    }

    List<Schedule> list(WorkspaceId workspace, Optional<Boolean> enabled, int skip, int top) {
        return rows.list(workspace, enabled, skip, top);
    }

    /** Creates the schedule or replaces it; it counts on from when it was first made. */
    Schedule put(Workspace workspace, String name, ObjectNode properties, String caller) {
        if (!NAME.matcher(name).matches()) {
            throw new AzureException(Errors.invalidResourceName(name, NAME.pattern()));
        }
        if (Json.text(properties).length() > MAX_DOCUMENT) {
            throw new AzureException(Errors.tooLarge("The schedule", MAX_DOCUMENT));
        }
        boolean enabled = !Json.member(properties, "isEnabled").isBoolean()
                || Json.member(properties, "isEnabled").asBoolean();
        jobs.check(workspace.id(), Json.objectAt(properties, "action"));
        turn.lock();
        try {
            Optional<Schedule> known = rows.find(workspace.id(), name);
            if (known.isEmpty() && rows.count(workspace.id()) >= MAX_IN_WORKSPACE) {
                throw new AzureException(
                        Errors.conflict("The workspace has %d schedules, which is as many as it may have."
                                .formatted(MAX_IN_WORKSPACE)));
            }
            Instant now = clock.instant();
            Schedule schedule = new Schedule(
                            workspace.id(),
                            name,
                            properties,
                            enabled,
                            Optional.empty(),
                            known.map(Schedule::created).orElse(now.truncatedTo(ChronoUnit.SECONDS)),
                            known.map(Schedule::createdBy).orElse(caller),
                            now.truncatedTo(ChronoUnit.MILLIS))
                    .next(now);
            rows.put(schedule);
            arm(schedule);
            return schedule;
        } finally {
            turn.unlock();
        }
    }

    /** Whether there was one. */
    boolean delete(WorkspaceId workspace, String name) {
        turn.lock();
        try {
            disarm(new Key(workspace, name));
            return rows.remove(workspace, name);
        } finally {
            turn.unlock();
        }
    }

    /** Submits a run now, beside those that are due; the name of it. */
    String trigger(Workspace workspace, Schedule schedule) {
        if (!schedule.enabled()) {
            throw new AzureException(Errors.userError("Schedule '%s' is disabled.".formatted(schedule.name())));
        }
        return jobs.submit(workspace, schedule, clock.instant());
    }

    @Override
    public void removed(WorkspaceId id) {
        turn.lock();
        try {
            armed.keySet().stream()
                    .filter(key -> key.workspace().equals(id))
                    .toList()
                    .forEach(this::disarm);
            rows.removeAll(id);
        } finally {
            turn.unlock();
        }
    }

    private void arm(Schedule schedule) {
        Key key = new Key(schedule.workspace(), schedule.name());
        disarm(key);
        // The timer fires on the loop's thread, which must not wait for what it is asked itself.
        schedule.next()
                .ifPresent(due ->
                        armed.put(key, timers.meanwhile(due, () -> activity.errand("schedule", () -> fire(key, due)))));
    }

    private void disarm(Key key) {
        Timers.Cancel timer = armed.remove(key);
        if (timer != null) {
            timer.cancel();
        }
    }

    private void fire(Key key, Instant due) {
        turn.lock();
        try {
            Optional<Schedule> schedule = rows.find(key.workspace(), key.name())
                    .filter(found -> found.next().equals(Optional.of(due)));
            if (stopped || schedule.isEmpty()) {
                return; // it was changed while the timer fired
            }
            Optional<Workspace> workspace = workspaces.getObject().find(key.workspace());
            if (workspace.isEmpty()) {
                rows.remove(key.workspace(), key.name());
                disarm(key);
                return;
            }
            submit(workspace.get(), schedule.get(), due);
            Instant now = clock.instant();
            Schedule next = schedule.get().next(now.isAfter(due) ? now : due);
            rows.put(next);
            arm(next);
        } catch (RuntimeException e) {
            if (!stopped) { // at the very end, the database goes first
                LOG.warn("schedule {} will be tried again: {}", key.name(), e.getMessage());
                again.execute(() -> retry(key, due));
            }
        } finally {
            turn.unlock();
        }
    }

    /** What went wrong may pass: a full disk, a lock. Its next time is not written, so nothing else would wake it. */
    private void retry(Key key, Instant due) {
        if (!stopped) {
            activity.errand("schedule", () -> fire(key, due));
        }
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        stopped = true;
    }

    /** A run that is refused is missed; the schedule goes on. */
    private void submit(Workspace workspace, Schedule schedule, Instant due) {
        try {
            String run = jobs.submit(workspace, schedule, due);
            LOG.debug("schedule {} has submitted {}", schedule.name(), run);
        } catch (AzureException e) {
            LOG.warn(
                    "schedule {} could not submit what was due at {}: {}",
                    schedule.name(),
                    due,
                    e.error().message());
        } catch (DiskFull | TransientDataAccessException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("schedule {} could not submit what was due at {}", schedule.name(), due, e);
        }
    }
}
