package dev.malachite.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.engine.Change;
import dev.malachite.engine.Job;
import dev.malachite.engine.JobId;
import dev.malachite.engine.JobPhase;
import dev.malachite.engine.State;
import dev.malachite.engine.Witness;
import dev.malachite.server.database.Row;
import dev.malachite.server.database.Table;
import dev.malachite.server.database.WriteBehind;
import dev.malachite.server.run.RunRecords;
import dev.malachite.server.run.RunSeed;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.web.Json;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * Puts the real store behind the engine's own tests: what each of them commits is written, and the state that is loaded
 * equals the live one. Found by {@link java.util.ServiceLoader}; each scenario has a database of its own.
 */
public final class StoreWitness implements Witness {

    /** Loading costs as much as there is; a long history is compared now and then, and wherever it starts anew. */
    private static final int ALWAYS_COMPARED = 60;

    private static final int COMPARED = 25;

    /** Characters around the first difference. */
    private static final int SHOWN = 200;

    /** What makes the tables of a fresh database: faster than to migrate each. */
    private static final List<String> SCHEMA = schema();

    private final EngineStore store;
    private int commits;

    public StoreWitness() {
        DataSource database = database();
        NamedParameterJdbcTemplate jdbc = new NamedParameterJdbcTemplate(database);
        SCHEMA.forEach(jdbc.getJdbcOperations()::execute);
        store = new EngineStore(
                jdbc,
                new WriteBehind(jdbc.getJdbcOperations(), new JdbcTransactionManager(database)),
                new Runs(),
                Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC));
    }

    private static List<String> schema() {
        DataSource migrated = database();
        Flyway.configure().dataSource(migrated).load().migrate();
        return new JdbcTemplate(migrated)
                .queryForList("script nopasswords", String.class).stream()
                        .filter(statement -> !statement.startsWith("CREATE USER"))
                        .toList();
    }

    /** One of its own, which lives as long as its connection. */
    private static DataSource database() {
        return new SingleConnectionDataSource("jdbc:h2:mem:", true);
    }

    @Override
    public void committed(List<Change> changes, State live) {
        store.commit(changes.stream().map(StoreWitness::recorded).toList(), Optional.empty());
        if (commits++ < ALWAYS_COMPARED || commits % COMPARED == 0) {
            same(store.load(), live);
        }
    }

    @Override
    public State found(State last) {
        State found = store.load();
        same(found, last);
        return found;
    }

    private static void same(State loaded, State live) {
        if (!loaded.equals(live)) {
            String found = loaded.toString();
            String expected = live.toString();
            int at = 0;
            while (at < Math.min(found.length(), expected.length()) && found.charAt(at) == expected.charAt(at)) {
                at++;
            }
            throw new AssertionError("the store has …%s… where the live state has …%s…"
                    .formatted(around(found, at), around(expected, at)));
        }
    }

    private static String around(String text, int at) {
        return text.substring(Math.max(0, at - SHOWN), Math.min(text.length(), at + SHOWN));
    }

    /** The same, with what the server writes along with a job. */
    private static Change recorded(Change change) {
        return switch (change) {
            case Change.JobAdded added -> {
                Job job = added.job();
                ImageDefinition image = new ImageDefinition(
                        job.image(), "an/image", true, "python", List.of(), Optional.empty(), List.of(), List.of());
                yield new Change.JobAdded(job, new JobAttachment(seed(job.id()), image));
            }
            case Change.ParentAdded added ->
                new Change.ParentAdded(
                        added.parent(), new RunAttachment(seed(added.parent().id())));
            case Change.RunAdded added ->
                new Change.RunAdded(added.run(), added.how(), added.error(), new RunAttachment(seed(added.run())));
            default -> change;
        };
    }

    private static RunSeed seed(JobId run) {
        return new RunSeed(
                run,
                "trial",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "azureml.scriptrun",
                "cpu",
                "train.py",
                Map.of(),
                Map.of(),
                Json.object(),
                "somebody");
    }

    /** Runs that are only remembered: each is made once, and none moves after its end. */
    private static final class Runs implements RunRecords {

        private static final Table RUN = new Table(
                "run_status",
                List.of("workspace_id", "run_id"),
                List.of("status", "attempt", "started", "ended", "error"),
                true);

        private final Set<JobId> born = new HashSet<>();
        private final Map<JobId, String> statuses = new HashMap<>();

        @Override
        public void insert(RunSeed seed, Instant now) {
            assertThat(born.add(seed.id())).as("an earlier run %s", seed.id()).isTrue();
        }

        @Override
        public boolean exists(JobId id) {
            return born.contains(id);
        }

        @Override
        public Row row(
                JobId id,
                String status,
                int attempt,
                @Nullable Instant started,
                @Nullable Instant ended,
                @Nullable String error) {
            assertThat(statuses.put(id, status))
                    .as("what %s was before it became %s", id, status)
                    .isNotIn(JobPhase.COMPLETED.wire(), JobPhase.FAILED.wire(), JobPhase.CANCELED.wire());
            return new Row(RUN)
                    .addValue("workspace_id", id.workspace().value())
                    .addValue("run_id", id.run())
                    .addValue("status", status)
                    .addValue("attempt", attempt)
                    .addValue("started", null)
                    .addValue("ended", null)
                    .addValue("error", null);
        }
    }
}
