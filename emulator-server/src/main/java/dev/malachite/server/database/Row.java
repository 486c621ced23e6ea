package dev.malachite.server.database;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One row of a {@link Table} that is to be written, or the key of one that is to go. Filled once, in the table's order. */
public final class Row {

    private final Table table;
    private final List<@Nullable Object> values;
    private final List<String> names;

    public Row(Table table) {
        this.table = table;
        this.names = table.all();
        this.values = new ArrayList<>(names.size());
    }

    Row(Table table, List<String> names, List<@Nullable Object> values) {
        this.table = table;
        this.names = names;
        this.values = values;
    }

    /**
     * Adds the next value.
     *
     * @param value text, a number, a truth value, a time or null
     */
    public Row addValue(String name, @Nullable Object value) {
        int next = values.size();
        if (next >= names.size() || !names.get(next).equals(name)) {
            throw new IllegalArgumentException(
                    "column %d of %s is not '%s': %s".formatted(next, table.name(), name, names));
        }
        values.add(value);
        return this;
    }

    /** The value of that column. */
    public @Nullable Object value(String name) {
        return values.get(names.indexOf(name));
    }

    Table table() {
        return table;
    }

    List<@Nullable Object> values() {
        return values;
    }

    /** Tells it from the others of its table. */
    List<@Nullable Object> key() {
        return values.subList(0, table.keys().size());
    }
}
