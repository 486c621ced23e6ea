package dev.malachite.server.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.server.database.Page;
import dev.malachite.server.database.Slice;
import dev.malachite.server.workspace.Workspace;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.TestConstructor;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** Lists of runs cost what is shown, not what there is. */
@HistoryTest
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class RunListTest {

    private static final int MANY = 5_000;

    private final JdbcTemplate jdbc;
    private final Runs runs;
    private final MockMvcTester mvc;
    private final Workspace workspace = HistoryFixture.workspace();

    RunListTest(JdbcTemplate jdbc, Runs runs, MockMvcTester mvc) {
        this.jdbc = jdbc;
        this.runs = runs;
        this.mvc = mvc;
    }

    @Test
    void aPageOfJobsIsReadAlongAnIndex() {
        new Client(mvc, "/history/v1.0" + workspace.armId()).patch("/experiments/e/runs/first", "{}");
        jdbc.update(
                "insert into run (workspace_id, run_id, experiment_id, experiment_name, run_number, root_run_id, hidden,"
                        + " created, created_by, tags, properties, document, executed)"
                        + " select workspace_id, 'job' || x, experiment_id, experiment_name, x, 'job' || x, false,"
                        + " dateadd(second, x, created), created_by, tags, properties, document, executed"
                        + " from run, system_range(1, ?) where run_id = 'first' and workspace_id = ?",
                MANY,
                workspace.id().value());
        jdbc.update("insert into run_status (workspace_id, run_id, status)"
                + " select workspace_id, run_id, 'Completed' from run where run_id like 'job%'");
        jdbc.execute("analyze");
        jdbc.execute("set query_statistics true");

        Slice<RunView> page = runs.listTopLevel(workspace.id(), RunFilters.hidden(false), new Page(100, 3));

        assertThat(page.items()).extracting(RunView::runId).containsExactly("job4900", "job4899", "job4898");
        Map<String, Object> statement = jdbc.queryForMap(
                "select sql_statement from information_schema.query_statistics where sql_statement like 'select%order by%'"
                        + " and sql_statement like '%run %' order by cumulative_execution_time desc limit 1");
        String plan = explain(Objects.requireNonNull((String) statement.get("SQL_STATEMENT")));
        assertThat(plan).contains("RUN_BELOW").contains("/* index sorted */");
        jdbc.execute("set query_statistics false");
    }

    private String explain(String sql) {
        List<Object> parameters = List.of(workspace.id().value(), false, 100, 4);
        int count = (int) sql.chars().filter(c -> c == '?').count();
        return Objects.requireNonNull(jdbc.queryForObject(
                "explain " + sql, String.class, parameters.subList(0, count).toArray()));
    }
}
