package dev.malachite.server.metric;

import dev.malachite.engine.JobId;
import dev.malachite.server.database.Page;
import dev.malachite.server.database.Slice;
import dev.malachite.server.database.Transactions;
import java.time.Clock;
import java.time.Instant;
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
    private final Transactions transactions;
    private final Clock clock;

    Metrics(MetricStore store, Transactions transactions, Clock clock) {
        this.store = store;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * One metric's name and form.
     *
     * @param columns types by column name
     */
    record Definition(String name, ObjectNode columns, ObjectNode properties) {}

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
