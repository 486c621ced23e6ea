package dev.malachite.server.database;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table that is written row by row, and the statements for it. Portable SQL: an update first, an insert for what was
 * not there.
 */
public final class Table {

    private final String name;
    private final List<String> keys;
    private final List<String> columns;
    private final List<String> all;
    private final boolean updateOnly;
    private final int hash;

    public Table(String name, List<String> keys, List<String> columns) {
        this(name, keys, columns, false);
    }

    /**
     * A table, or those of its columns that are written here.
     *
     * @param columns beside the keys
     * @param updateOnly whether its rows are made and removed elsewhere
     */
    public Table(String name, List<String> keys, List<String> columns, boolean updateOnly) {
        this.name = name;
        this.keys = List.copyOf(keys);
        this.columns = List.copyOf(columns);
        this.all = Stream.concat(keys.stream(), columns.stream()).toList();
        this.updateOnly = updateOnly;
        this.hash = Objects.hash(name, all); // asked for every row
    }

    String name() {
        return name;
    }

    List<String> keys() {
        return keys;
    }

    List<String> columns() {
        return columns;
    }

    /** The keys first. */
    List<String> all() {
        return all;
    }

    boolean updateOnly() {
        return updateOnly;
    }

    /** Its parameters are the columns, then the keys. */
    String update() {
        return "update " + name + " set " + assignments(columns, ", ") + " where " + assignments(keys, " and ");
    }

    String insert() {
        return "insert into " + name + " (" + String.join(", ", all) + ") values ("
                + all.stream().map(column -> "?").collect(Collectors.joining(", ")) + ")";
    }

    String removal() {
        return "delete from " + name + " where " + assignments(keys, " and ");
    }

    private static String assignments(List<String> columns, String separator) {
        return columns.stream().map(column -> column + " = ?").collect(Collectors.joining(separator));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        return other instanceof Table table
                && name.equals(table.name)
                && keys.equals(table.keys)
                && columns.equals(table.columns)
                && updateOnly == table.updateOnly;
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
