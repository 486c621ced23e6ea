package dev.malachite.server.blob;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The texts that shared access signatures sign, by kind and version. Sources: Microsoft's "Create a service SAS",
 * "Create an account SAS", "Create a user delegation SAS".
 */
final class SasText {

    private static final List<String> OVERRIDES = List.of("rscc", "rscd", "rsce", "rscl", "rsct");

    /** What tells one delegated key from another. */
    private static final List<String> KEY = List.of("skoid", "sktid", "skt", "ske", "sks", "skv");

    private SasText() {}

    /** @param resource {@code /blob/<account>/<container>[/<blob>]} */
    static String ofResource(Query query, String resource) {
        return text(query, resource, List.of("si"));
    }

    /** Of one that is signed with a key that was handed to somebody. */
    static String ofDelegate(Query query, String resource) {
        List<String> who = new ArrayList<>(KEY);
        if (since(query, "2020-02-10")) {
            who.addAll(List.of("saoid", "suoid", "scid"));
        }
        if (since(query, "2025-07-05")) {
            who.addAll(List.of("skdutid", "sduoid"));
        }
        return text(query, resource, who);
    }

    static String ofAccount(Query query) {
        StringBuilder text = new StringBuilder(StorageAccount.NAME).append('\n');
        Stream.of("sp", "ss", "srt", "st", "se", "sip", "spr", "sv")
                .forEach(field -> text.append(query.text(field)).append('\n'));
        if (since(query, "2020-12-06")) {
            text.append(query.text("ses")).append('\n');
        }
        return text.toString();
    }

    /** What a delegated key is made of, from the fields that a SAS repeats. */
    static String ofKey(Query query) {
        return String.join("\n", KEY.stream().map(query::text).toList());
    }

    private static String text(Query query, String resource, List<String> who) {
        List<String> lines = new ArrayList<>();
        Stream.of("sp", "st", "se").map(query::text).forEach(lines::add);
        lines.add(resource);
        who.stream().map(query::text).forEach(lines::add);
        Stream.of("sip", "spr", "sv", "sr", "snapshot").map(query::text).forEach(lines::add);
        if (since(query, "2020-12-06")) {
            lines.add(query.text("ses"));
        }
        OVERRIDES.stream().map(query::text).forEach(lines::add);
        return String.join("\n", lines);
    }

    private static boolean since(Query query, String version) {
        return query.text("sv").compareTo(version) >= 0;
    }
}
