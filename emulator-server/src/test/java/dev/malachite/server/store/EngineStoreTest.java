package dev.malachite.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.engine.Change;
import dev.malachite.engine.Fault;
import dev.malachite.engine.FaultId;
import dev.malachite.engine.JobId;
import dev.malachite.engine.JobPhase;
import dev.malachite.server.database.WriteBehind;
import dev.malachite.server.run.HistoryFixture;
import dev.malachite.server.run.HistoryTest;
import dev.malachite.server.run.RunRecords;
import dev.malachite.server.run.RunSeed;
import dev.malachite.server.run.Runs;
import dev.malachite.server.web.Json;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.test.context.TestConstructor;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What the engine's store does where others write runs, too. */
@HistoryTest
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class EngineStoreTest {

    private final NamedParameterJdbcTemplate jdbc;
    private final EngineStore store;
    private final RunRecords records;
    private final Runs runs;
    private final TransactionTemplate transaction;

    EngineStoreTest(
            NamedParameterJdbcTemplate jdbc,
            WriteBehind journal,
            RunRecords records,
            Runs runs,
            PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.store = new EngineStore(jdbc, journal, records, Clock.fixed(HistoryFixture.NOW, ZoneOffset.UTC));
        this.records = records;
        this.runs = runs;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Test
    void aChildThatEndedWithoutEverRunningLeavesARunOfItsNameAlone() {
        JobId id = new JobId(HistoryFixture.workspace().id(), "child");
        transaction.executeWithoutResult(_ -> records.insert(seed(id, "somebody"), HistoryFixture.NOW));

        ended(id);

        assertThat(runs.find(id.workspace(), "child")).hasValueSatisfying(run -> {
            assertThat(run.createdBy()).isEqualTo("somebody");
            assertThat(run.status()).isEqualTo("NotStarted");
        });
    }

    @Test
    void elseItIsARunThatHasEnded() {
        JobId id = new JobId(HistoryFixture.workspace().id(), "child");

        ended(id);

        assertThat(runs.find(id.workspace(), "child"))
                .hasValueSatisfying(run -> assertThat(run.status()).isEqualTo("Completed"));
    }

    @Test
    void aFaultThatCannotBeReadIsLeftOutAndTheOthersAreThere() {
        store.commit(List.of(new Change.FaultPut(fault("fine")), new Change.FaultPut(fault("odd"))), Optional.empty());
        jdbc.update("update fault set effect = '{\"kind\":\"of another version\"}' where id = 'odd'", Map.of());

        assertThat(store.load().faults())
                .extracting(fault -> fault.id().value())
                .containsExactly("fine");
    }

    private static Fault fault(String id) {
        return new Fault(
                new FaultId(id),
                1,
                HistoryFixture.NOW,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new Fault.FailedState());
    }

    private void ended(JobId id) {
        Change ended = new Change.RunAdded(id, JobPhase.COMPLETED, null, new RunAttachment(seed(id, "us")));
        store.commit(List.of(ended), Optional.empty());
    }

    private static RunSeed seed(JobId id, String by) {
        return new RunSeed(
                id,
                "e",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "azureml.commandjob",
                "",
                "",
                Map.of(),
                Map.of(),
                Json.object(),
                by);
    }
}
