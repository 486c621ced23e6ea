package dev.malachite.server.database;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * Changed rows as lines of text: {@code +table} and the values of a row, {@code -table} and the key of one that goes, and
 * before the first of a table {@code =table} and its columns, so that a later version can read what an earlier one left.
 * A value that the table's line before has in the same place, as most have, is left out.
 */
final class JournalText {

    /** In characters, so that a row of the journal stays small; the line that is more is a row's last. */
    private static final int ROOM = 100_000;

    private static final String UPDATE_ONLY = "u";
    private static final String WHOLE = "w";

    /** What tables were called that have been named anew, in a journal that an earlier version left. */
    private static final Map<String, String> RENAMED = Map.of("run", "run_status");

    private JournalText() {}

    /** As few as the room in one allows. */
    static List<byte[]> write(Writes writes) {
        List<byte[]> texts = new ArrayList<>();
        Map<Table, List<@Nullable Object>> before = new HashMap<>();
        StringBuilder text = new StringBuilder();
        for (Writes.Write write : writes.all()) {
            if (text.length() > ROOM) {
                texts.add(text.toString().getBytes(StandardCharsets.UTF_8));
                text.setLength(0);
                before.clear();
            }
            Table table = write.row().table();
            if (!before.containsKey(table)) {
                head(text, table);
            }
            List<@Nullable Object> values =
                    write.removal() ? write.row().key() : write.row().values();
            line(text.append(write.removal() ? '-' : '+').append(table.name()), values, before.put(table, values));
        }
        if (!text.isEmpty()) {
            texts.add(text.toString().getBytes(StandardCharsets.UTF_8));
        }
        return texts;
    }

    private static void line(
            StringBuilder text, List<@Nullable Object> values, @Nullable List<@Nullable Object> before) {
        for (int i = 0; i < values.size(); i++) {
            text.append('\t');
            if (before == null || i >= before.size() || !Objects.equals(before.get(i), values.get(i))) {
                append(text, values.get(i));
            }
        }
        text.append('\n');
    }

    private static void head(StringBuilder text, Table table) {
        text.append('=').append(table.name()).append('\t').append(table.keys().size());
        text.append('\t').append(table.updateOnly() ? UPDATE_ONLY : WHOLE);
        table.all().forEach(column -> text.append('\t').append(column));
        text.append('\n');
    }

    private static void append(StringBuilder text, @Nullable Object value) {
        switch (value) {
            case null -> text.append('n');
            case String string -> {
                text.append('s');
                escape(text, string);
            }
            case Integer number -> text.append('i').append(number.intValue());
            case Long number -> text.append('l').append(number.longValue());
            case Boolean truth -> text.append(truth ? 't' : 'f');
            case Instant time -> text.append('m').append(ChronoUnit.MICROS.between(Instant.EPOCH, time));
            default -> throw new IllegalArgumentException("no value of a row: " + value.getClass());
        }
    }

    private static void escape(StringBuilder text, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\t' -> text.append("\\t");
                case '\n' -> text.append("\\n");
                case '\\' -> text.append("\\\\");
                default -> text.append(c);
            }
        }
    }

    /** Adds what a text holds to {@code writes}. */
    static void read(byte[] text, Writes writes) {
        Map<String, Table> tables = new HashMap<>();
        Map<String, List<@Nullable Object>> before = new HashMap<>();
        StringTokenizer lines = new StringTokenizer(new String(text, StandardCharsets.UTF_8), "\n");
        while (lines.hasMoreTokens()) {
            List<String> words = List.of(lines.nextToken().split("\t", -1));
            String name = words.getFirst().substring(1);
            if (words.getFirst().charAt(0) == '=') {
                tables.put(name, table(name, words));
                continue;
            }
            Table table = tables.get(name);
            if (table == null) {
                throw new IllegalStateException("the journal does not say what a " + name + " is");
            }
            List<@Nullable Object> values = new ArrayList<>();
            for (int i = 1; i < words.size(); i++) {
                String word = words.get(i);
                values.add(word.isEmpty() ? before.getOrDefault(name, List.of()).get(i - 1) : value(word));
            }
            before.put(name, values);
            boolean removal = words.getFirst().charAt(0) == '-';
            writes.add(new Writes.Write(removal, new Row(table, table.all(), values)));
        }
    }

    private static Table table(String name, List<String> words) {
        int keys = Integer.parseInt(words.get(1));
        List<String> columns = words.subList(3, words.size());
        return new Table(
                RENAMED.getOrDefault(name, name),
                List.copyOf(columns.subList(0, keys)),
                List.copyOf(columns.subList(keys, columns.size())),
                words.get(2).equals(UPDATE_ONLY));
    }

    private static @Nullable Object value(String word) {
        String rest = word.substring(1);
        return switch (word.charAt(0)) {
            case 'n' -> null;
            case 's' -> unescape(rest);
            case 'i' -> Integer.valueOf(rest);
            case 'l' -> Long.valueOf(rest);
            case 't' -> true;
            case 'f' -> false;
            case 'm' -> Instant.EPOCH.plus(Long.parseLong(rest), ChronoUnit.MICROS);
            default -> throw new IllegalStateException("the journal holds what is no value: " + word);
        };
    }

    private static String unescape(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                plain.append(c);
                continue;
            }
            char escaped = text.charAt(++i);
            plain.append(escaped == 't' ? '\t' : escaped == 'n' ? '\n' : escaped);
        }
        return plain.toString();
    }
}
