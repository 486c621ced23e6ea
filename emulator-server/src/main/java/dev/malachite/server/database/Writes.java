package dev.malachite.server.database;

import java.sql.PreparedStatement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/** Rows to be written and to be removed, by table, the last version of each. */
public final class Writes {

    private final Map<Table, Map<List<@Nullable Object>, Write>> byTable = new LinkedHashMap<>();

    record Write(boolean removal, Row row) {}

    public void put(Row row) {
        add(new Write(false, row));
    }

    /** Only the row's key matters. */
    public void remove(Row row) {
        add(new Write(true, row));
    }

    void add(Write write) {
        of(write.row().table()).put(write.row().key(), write);
    }

    /** Takes over what {@code newer} has; the same row in it takes the place of an older one. */
    void add(Writes newer) {
        newer.byTable.forEach((table, rows) -> of(table).putAll(rows));
    }

    private Map<List<@Nullable Object>, Write> of(Table table) {
        return byTable.computeIfAbsent(table, any -> new LinkedHashMap<>());
    }

    List<Write> all() {
        return byTable.values().stream().flatMap(rows -> rows.values().stream()).toList();
    }

    /** What is to be written of the row with that key. */
    Optional<Row> find(Row key) {
        Map<List<@Nullable Object>, Write> rows = byTable.get(key.table());
        return Optional.ofNullable(rows == null ? null : rows.get(key.key()))
                .filter(write -> !write.removal())
                .map(Write::row);
    }

    /** In parts of so many each, in order. */
    List<Writes> parts(int most) {
        List<Writes> parts = new ArrayList<>();
        Writes part = new Writes();
        int size = 0;
        for (Write write : all()) {
            if (size == most) {
                parts.add(part);
                part = new Writes();
                size = 0;
            }
            part.add(write);
            size++;
        }
        parts.add(part);
        return parts;
    }

    int size() {
        return byTable.values().stream().mapToInt(Map::size).sum();
    }

    boolean has(Table table) {
        return byTable.containsKey(table);
    }

    /** Part of the caller's transaction. */
    void write(JdbcOperations jdbc) {
        byTable.forEach((table, writes) -> {
            batch(jdbc, table.removal(), rows(writes, true), table.keys().size(), 0);
            List<Row> kept = rows(writes, false);
            int keys = table.keys().size();
            int[] updated =
                    batch(jdbc, table.update(), kept, keys, table.columns().size());
            if (!table.updateOnly()) {
                List<Row> missing = new ArrayList<>();
                for (int i = 0; i < updated.length; i++) {
                    if (updated[i] == 0) {
                        missing.add(kept.get(i));
                    }
                }
                batch(jdbc, table.insert(), missing, keys + table.columns().size(), 0);
            }
        });
    }

    private static List<Row> rows(Map<?, Write> writes, boolean removals) {
        return writes.values().stream()
                .filter(write -> write.removal() == removals)
                .map(Write::row)
                .toList();
    }

    /** The first {@code first} values of each row follow after the next {@code next} as the statement's parameters. */
    private static int[] batch(JdbcOperations jdbc, String sql, List<Row> rows, int first, int next) {
        if (rows.isEmpty()) {
            return new int[0];
        }
        return jdbc.execute(sql, (PreparedStatement statement) -> {
            for (Row row : rows) {
                for (int i = 0; i < next; i++) {
                    statement.setObject(i + 1, column(row.values().get(first + i)));
                }
                for (int i = 0; i < first; i++) {
                    statement.setObject(next + i + 1, column(row.values().get(i)));
                }
                statement.addBatch();
            }
            return statement.executeBatch();
        });
    }

    private static @Nullable Object column(@Nullable Object value) {
        return value instanceof Instant time ? Times.column(time) : value;
    }
}
