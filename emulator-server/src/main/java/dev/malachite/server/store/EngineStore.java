package dev.malachite.server.store;

import dev.malachite.engine.Change;
import dev.malachite.engine.Job;
import dev.malachite.engine.State;
import dev.malachite.server.run.RunRecords;
import dev.malachite.server.run.RunSeed;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes what a batch of decisions changed, all of it or nothing, and reads it back at start. Only the last version of a
 * row that a batch changed several times is written.
 */
@Component
public class EngineStore {

    private final NamedParameterJdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final RunRecords runs;
    private final Clock clock;
    private final StateReader reader;

    EngineStore(
            NamedParameterJdbcTemplate jdbc, PlatformTransactionManager transactions, RunRecords runs, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.runs = runs;
        this.clock = clock;
        this.reader = new StateReader(jdbc);
    }

    /** The state as of the last commit. */
    public State load() {
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
        transaction.executeWithoutResult(status -> {
            Writes writes = new Writes();
            set.ifPresent(kept -> writes.put(Rows.CLOCK, "clock", Rows.of(kept)));
            Instant now = clock.instant();
            for (Change change : changes) {
                collect(change, writes, now);
            }
            writes.run(jdbc);
        });
    }

    private void collect(Change change, Writes writes, Instant now) {
        switch (change) {
            case Change.TargetPut put -> writes.put(Rows.TARGET, put.target().id(), Rows.of(put.target()));
            case Change.TargetRemoved removed ->
                writes.remove(Rows.TARGET, removed.target(), Rows.key(removed.target()));
            case Change.NodePut put -> writes.put(Rows.NODE, put.node().id(), Rows.of(put.node()));
            case Change.NodeRemoved removed -> writes.remove(Rows.NODE, removed.node(), Rows.key(removed.node()));
            case Change.JobAdded added -> {
                if (!(added.attachment() instanceof JobAttachment attachment)) {
                    throw new IllegalStateException(
                            "a job without its record: " + added.job().id());
                }
                RunSeed seed = attachment.seed();
                runs.insert(seed, now);
                writes.put(Rows.IMAGE_DEFINITION, added.job().image(), Rows.of(attachment.image()));
                writes.put(Rows.JOB, added.job().id(), Rows.of(added.job()));
                status(added.job());
            }
            case Change.JobPut put -> {
                writes.put(Rows.JOB, put.job().id(), Rows.of(put.job()));
                status(put.job());
            }
            case Change.JobEnded ended -> {
                writes.put(Rows.JOB, ended.job().id(), Rows.of(ended.job()));
                status(ended.job(), now);
            }
            case Change.ImagePut put -> writes.put(Rows.IMAGE, put.image().key(), Rows.of(put.image()));
            case Change.ImageForgotten forgotten ->
                writes.remove(Rows.IMAGE, forgotten.image(), Rows.key(forgotten.image()));
            case Change.OperationPut put ->
                writes.put(Rows.OPERATION, put.operation().id(), Rows.of(put.operation()));
            case Change.OperationForgotten forgotten ->
                writes.remove(Rows.OPERATION, forgotten.operation(), Rows.key(forgotten.operation()));
            case Change.LimitSet set ->
                set.limit()
                        .ifPresentOrElse(
                                cores -> writes.put(Rows.LIMIT, set.key(), Rows.limit(set.key(), cores)),
                                () -> writes.remove(Rows.LIMIT, set.key(), Rows.key(set.key())));
            case Change.FaultPut put -> writes.put(Rows.FAULT, put.fault().id(), Rows.of(put.fault()));
            case Change.FaultRemoved removed -> writes.remove(Rows.FAULT, removed.fault(), Rows.key(removed.fault()));
            case Change.Counted counted -> writes.put(Rows.COUNTER, "sequence", Rows.of(counted));
        }
    }

    private void status(Job job) {
        runs.status(job.id(), job.phase().wire(), job.started().orElse(null), null, null);
    }

    private void status(Job job, Instant ended) {
        runs.status(job.id(), job.phase().wire(), job.started().orElse(null), ended, job.error());
    }

    /** The writes of one batch, by table, the last one of each row. */
    private static final class Writes {

        private final Map<Rows.Table, Map<Object, Write>> byTable = new LinkedHashMap<>();

        private record Write(boolean remove, SqlParameterSource row) {}

        void put(Rows.Table table, Object key, SqlParameterSource row) {
            byTable.computeIfAbsent(table, any -> new LinkedHashMap<>()).put(key, new Write(false, row));
        }

        void remove(Rows.Table table, Object key, SqlParameterSource row) {
            byTable.computeIfAbsent(table, any -> new LinkedHashMap<>()).put(key, new Write(true, row));
        }

        void run(NamedParameterJdbcTemplate jdbc) {
            byTable.forEach((table, writes) -> {
                batch(jdbc, table.removal(), rows(writes.values(), true));
                List<SqlParameterSource> kept = rows(writes.values(), false);
                int[] updated = batch(jdbc, table.update(), kept);
                List<SqlParameterSource> missing = new ArrayList<>();
                for (int i = 0; i < updated.length; i++) {
                    if (updated[i] == 0) {
                        missing.add(kept.get(i));
                    }
                }
                batch(jdbc, table.insert(), missing);
            });
        }

        private static List<SqlParameterSource> rows(Collection<Write> writes, boolean remove) {
            return writes.stream()
                    .filter(write -> write.remove() == remove)
                    .map(Write::row)
                    .toList();
        }

        private static int[] batch(NamedParameterJdbcTemplate jdbc, String sql, List<SqlParameterSource> rows) {
            return rows.isEmpty() ? new int[0] : jdbc.batchUpdate(sql, rows.toArray(SqlParameterSource[]::new));
        }
    }
}
