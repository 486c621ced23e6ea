package dev.malachite.server.metric;

import dev.malachite.engine.JobId;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.database.Page;
import dev.malachite.server.database.Slice;
import dev.malachite.server.database.Transactions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Keeps what runs log, in the order in which they logged it. */
@Service
public class Metrics {

    private static final int MOST_NUMBERS = 10_000;

    private final MetricStore store;
    private final LastValues last;
    private final Transactions transactions;
    private final Clock clock;

    Metrics(MetricStore store, LastValues last, Transactions transactions, Clock clock) {
        this.store = store;
        this.last = last;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * One metric's name and form.
     *
     * @param columns types by column name
     */
    record Definition(String name, ObjectNode columns, ObjectNode properties) {}

    /**
     * One number of a metric.
     *
     * @param at when it was logged, by the client's clock
     */
    public record Scalar(String name, double value, Instant at, long step) {}

    /** All or nothing. */
    public void log(JobId run, List<Scalar> scalars) {
        List<MetricValues> values = scalars.stream().map(MetricValues::of).toList();
        transactions.write(() -> {
            store.append(run, values);
            return true;
        });
    }

    /** The newest number of each metric, by run id. */
    public Map<String, List<Scalar>> last(WorkspaceId workspace, Collection<String> runs) {
        return transactions.read(() -> last.of(workspace, runs));
    }

    /**
     * The numbers of a metric in the order in which they were logged. One column of a table is named {@code
     * table.column}.
     */
    public Slice<Scalar> history(JobId run, String name, Page page) {
        return transactions.read(() -> {
            if (store.definition(run, name).isPresent()) {
                return numbers(run, name, Optional.empty(), name, page);
            }
            for (int dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
                String table = name.substring(0, dot);
                if (store.definition(run, table).isPresent()) {
                    return numbers(run, table, Optional.of(name.substring(dot + 1)), name, page);
                }
            }
            return new Slice<Scalar>(List.of(), Optional.empty());
        });
    }

    private Slice<Scalar> numbers(JobId run, String metric, Optional<String> column, String name, Page page) {
        Slice<ObjectNode> points = store.points(run, metric, Optional.empty(), Optional.empty(), page);
        List<Scalar> numbers = new ArrayList<>();
        for (ObjectNode point : points.items()) {
            JsonNode data = point.path("data");
            Optional<JsonNode> cell = column.isPresent()
                    ? Optional.of(data.path(column.get()))
                    : data.valueStream().findFirst().filter(any -> data.size() == 1);
            cell.flatMap(Numbers::read)
                    .ifPresent(value -> numbers.add(new Scalar(
                            name,
                            value,
                            Instant.parse(point.path("createdUtc").stringValue()),
                            point.path("step").asLong(0))));
        }
        return new Slice<>(numbers, points.next());
    }

    /** All or nothing. */
    public void log(JobId run, ObjectNode batch) {
        List<MetricValues> values = MetricValues.read(batch, clock.instant());
        transactions.write(() -> {
            store.append(run, values);
            return true;
        });
    }

    /**
     * What a metric holds from a point on, a number for each row: what is none, or of several columns, is not a number.
     */
    public List<Double> numbers(JobId run, String name, int from) {
        return transactions
                .read(() -> store.points(run, name, Optional.empty(), Optional.empty(), new Page(from, MOST_NUMBERS)))
                .items()
                .stream()
                .map(point -> MetricValues.number(point.path("data")))
                .toList();
    }

    List<Definition> definitions(JobId run) {
        return transactions.read(() -> store.definitions(run));
    }

    Optional<Definition> definition(JobId run, String name) {
        return transactions.read(() -> store.definition(run, name));
    }

    Slice<ObjectNode> points(JobId run, String name, Optional<Instant> from, Optional<Instant> to, Page page) {
        return transactions.read(() -> store.points(run, name, from, to, page));
    }

    /**
     * What a person wants to see first: each metric's last point, by name; the value itself where the point has one
     * column only, else the whole row.
     */
    public Map<String, JsonNode> latest(JobId run) {
        return transactions.read(() -> store.latest(run));
    }
}
