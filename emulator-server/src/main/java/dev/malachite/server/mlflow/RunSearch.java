package dev.malachite.server.mlflow;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.database.Attributes;
import dev.malachite.server.database.Page;
import dev.malachite.server.database.Slice;
import dev.malachite.server.database.Transactions;
import dev.malachite.server.mlflow.Clause.Kind;
import dev.malachite.server.run.RunView;
import dev.malachite.server.run.Runs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Finds runs by MLflow's filters: one statement finds the ids, a second one reads the page's runs. */
@Component
class RunSearch {

    static final Searchable RUNS = new Searchable(
            Set.of(Kind.METRIC, Kind.PARAM, Kind.TAG, Kind.DATASET),
            Map.of(
                    "run_id", "run_id",
                    "run_name", "run_name",
                    "run name", "run_name",
                    "Run name", "run_name",
                    "Run Name", "run_name",
                    "user_id", "user_id",
                    "status", "status",
                    "artifact_uri", "artifact_uri"),
            Map.of(
                    "start_time", "start_time",
                    "end_time", "end_time",
                    "created", "start_time",
                    "Created", "start_time"),
            Set.of("run_id"));

    /** Patterns of tags are looked at one by one; beyond so many runs the page ends early. */
    private static final int SCANNED = 100_000;

    private static final int CHUNK = 1_000;

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final Runs runs;

    RunSearch(JdbcClient jdbc, Transactions transactions, Runs runs) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.runs = runs;
    }

    /** @param hidden empty for both */
    Slice<RunView> find(
            WorkspaceId workspace,
            List<String> experiments,
            Optional<Boolean> hidden,
            List<Clause> clauses,
            List<SearchText.Order> order,
            Page page) {
        if (experiments.isEmpty()) {
            return new Slice<>(List.of(), Optional.empty());
        }
        runs.settle();
        RunQuery query = new RunQuery(workspace, experiments, hidden, clauses, order);
        List<Clause> patterns = query.left();
        Slice<String> found =
                patterns.isEmpty() ? cut(read(query, page.skip(), page.top() + 1), page) : scan(query, patterns, page);
        return new Slice<>(runs.find(workspace, found.items()), found.next());
    }

    private static Slice<String> cut(List<Found> found, Page page) {
        List<String> ids = found.stream().map(Found::run).toList();
        return ids.size() <= page.top()
                ? new Slice<>(ids, Optional.empty())
                : new Slice<>(ids.subList(0, page.top()), Optional.of(Limits.token(page.skip() + page.top())));
    }

    private Slice<String> scan(RunQuery query, List<Clause> patterns, Page page) {
        List<String> passed = new ArrayList<>();
        int skip = page.skip();
        while (true) {
            List<Found> chunk = read(query, skip, CHUNK);
            for (Found found : chunk) {
                if (passed.size() == page.top() || skip - page.skip() >= SCANNED) {
                    return new Slice<>(passed, Optional.of(Limits.token(skip)));
                }
                skip++;
                if (patterns.stream()
                        .allMatch(clause -> clause.test(
                                Optional.ofNullable(found.tags().values().get(clause.key()))))) {
                    passed.add(found.run());
                }
            }
            if (chunk.size() < CHUNK) {
                return new Slice<>(passed, Optional.empty());
            }
        }
    }

    private record Found(String run, Attributes tags) {}

    private List<Found> read(RunQuery query, int skip, int top) {
        return transactions.read(() -> jdbc.sql(query.sql())
                .params(query.params())
                .param("skip", skip)
                .param("top", top)
                .query((rows, n) -> new Found(rows.getString(1), Attributes.parse(rows.getString(2))))
                .list());
    }
}
