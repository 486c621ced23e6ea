package dev.malachite.server.store;

import dev.malachite.engine.Attachment;
import dev.malachite.engine.Change;
import dev.malachite.engine.Job;
import dev.malachite.engine.JobId;
import dev.malachite.engine.Parent;
import dev.malachite.engine.State;
import dev.malachite.server.database.Row;
import dev.malachite.server.database.WriteBehind;
import dev.malachite.server.database.Writes;
import dev.malachite.server.run.RunRecords;
import dev.malachite.server.run.RunSeed;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Writes what a batch of decisions changed, all of it or nothing, and reads it back at start. Only the last version of a
 * row that a batch changed several times is written.
 */
@Component
public class EngineStore {

    private final NamedParameterJdbcTemplate jdbc;
    private final WriteBehind journal;
    private final RunRecords runs;
    private final Clock clock;
    private final StateReader reader;

    EngineStore(NamedParameterJdbcTemplate jdbc, WriteBehind journal, RunRecords runs, Clock clock) {
        this.jdbc = jdbc;
        this.journal = journal;
        this.runs = runs;
        this.clock = clock;
        this.reader = new StateReader(jdbc);
    }

    /** The state as of the last commit. */
    public State load() {
        journal.replay();
        return reader.read();
    }

    /** The clock as it was last set, if it ever was. */
    public Optional<KeptClock> keptClock() {
        return jdbc
                .getJdbcOperations()
                .query(
                        "select * from clock",
                        (row, n) -> new KeptClock(
                                row.getString("kind"),
                                row.getDouble("speed"),
                                Instant.EPOCH.plus(row.getLong("at_micros"), ChronoUnit.MICROS),
                                Instant.EPOCH.plus(row.getLong("real_micros"), ChronoUnit.MICROS)))
                .stream()
                .findFirst();
    }

    public void keepClock(KeptClock clock) {
        commit(List.of(), Optional.of(clock));
    }

    /**
     * Returns when the changes are on disk; throws, and has written nothing, when they cannot be.
     *
     * @param set the clock, when it has been set since it was last written: no change may be later than it
     */
    public void commit(List<Change> changes, Optional<KeptClock> set) {
        Writes often = new Writes();
        Writes seldom = new Writes();
        List<RunSeed> born = new ArrayList<>();
        Instant now = clock.instant();
        set.ifPresent(kept -> seldom.put(Rows.of(kept)));
        for (Change change : last(changes)) {
            collect(change, often, seldom, born, now);
        }
        journal.commit(often, seldom, () -> born.forEach(seed -> runs.insert(seed, now)));
    }

    /** Without what a later change of the same job or node takes the place of. */
    private static List<Change> last(List<Change> changes) {
        Set<Object> seen = new HashSet<>();
        List<Change> last = new ArrayList<>(changes.size());
        for (Change change : changes.reversed()) {
            Object of = ofOne(change);
            if (of == null || seen.add(of)) {
                last.add(change);
            }
        }
        return last.reversed();
    }

    private static @Nullable Object ofOne(Change change) {
        if (change instanceof Change.NodePut put) {
            return put.node().id();
        }
        if (change instanceof Change.NodeRemoved removed) {
            return removed.node();
        }
        if (change instanceof Change.JobPut put) {
            return put.job().id();
        }
        return change instanceof Change.JobEnded ended ? ended.job().id() : null;
    }

    /**
     * What is written again and again, or by many clients at once, goes by the journal; only a start reads those tables. The rest
     * is rare, or read by others too.
     */
    private void collect(Change change, Writes often, Writes seldom, List<RunSeed> born, Instant now) {
        switch (change) {
            case Change.TargetPut put -> often.put(Rows.of(put.target()));
            case Change.TargetRemoved removed -> often.remove(Rows.key(removed.target()));
            case Change.InstancePut put -> often.put(Rows.of(put.instance()));
            case Change.InstanceRemoved removed -> often.remove(Rows.instance(removed.target()));
            case Change.NodePut put -> often.put(Rows.of(put.node()));
            case Change.NodeRemoved removed -> often.remove(Rows.key(removed.node()));
            case Change.JobAdded added -> {
                if (!(added.attachment() instanceof JobAttachment attachment)) {
                    throw new IllegalStateException(
                            "a job without its record: " + added.job().id());
                }
                born.add(attachment.seed());
                seldom.put(Rows.of(attachment.image()));
                put(added.job(), often);
            }
            case Change.JobPut put -> put(put.job(), often);
            case Change.JobEnded ended -> {
                Job job = ended.job();
                often.remove(Rows.key(job));
                often.put(runs.row(
                        job.id(),
                        job.phase().wire(),
                        job.attempt(),
                        job.started().orElse(null),
                        now,
                        job.error()));
            }
            case Change.ParentAdded added -> {
                born.add(seed(added.parent().id(), added.attachment()));
                put(added.parent(), often, seldom);
            }
            case Change.ParentPut put -> put(put.parent(), often, seldom);
            case Change.ParentEnded ended -> {
                Parent parent = ended.parent();
                seldom.remove(Rows.key(parent));
                ended.children().forEach(child -> seldom.remove(Rows.child(child)));
                often.put(status(parent, now));
            }
            case Change.ChildPut put -> seldom.put(Rows.of(put.child()));
            case Change.RunAdded added -> {
                // Somebody may have made a run of that name, which must not be written over. Should it come to be after
                // this look, nothing of the batch is written, and it is seen at the next try.
                if (!runs.exists(added.run())) {
                    born.add(seed(added.run(), added.attachment()));
                    often.put(runs.row(added.run(), added.how().wire(), 1, now, now, added.error()));
                }
            }
            case Change.ImagePut put -> seldom.put(Rows.of(put.image()));
            case Change.ImageForgotten forgotten -> seldom.remove(Rows.key(forgotten.image()));
            case Change.OperationPut put -> often.put(Rows.of(put.operation()));
            case Change.OperationForgotten forgotten -> often.remove(Rows.key(forgotten.operation()));
            case Change.LimitSet set ->
                set.limit()
                        .ifPresentOrElse(
                                cores -> seldom.put(Rows.limit(set.key(), cores)),
                                () -> seldom.remove(Rows.key(set.key())));
            case Change.FaultPut put -> seldom.put(Rows.of(put.fault()));
            case Change.FaultRemoved removed -> seldom.remove(Rows.key(removed.fault()));
            case Change.Counted counted -> seldom.put(Rows.of(counted));
        }
    }

    private static RunSeed seed(JobId run, Attachment attachment) {
        if (attachment instanceof RunAttachment of) {
            return of.seed();
        }
        throw new IllegalStateException("a run without its record: " + run);
    }

    private void put(Parent parent, Writes often, Writes seldom) {
        seldom.put(Rows.of(parent));
        often.put(status(parent, null));
    }

    private Row status(Parent parent, @Nullable Instant ended) {
        return runs.row(
                parent.id(),
                parent.phase().wire(),
                1,
                parent.started().orElse(null),
                ended,
                ended == null ? null : parent.error());
    }

    private void put(Job job, Writes often) {
        often.put(Rows.of(job));
        often.put(runs.row(
                job.id(), job.phase().wire(), job.attempt(), job.started().orElse(null), null, null));
    }
}
