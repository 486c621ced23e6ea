package dev.malachite.server.blob;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What a list's request says of its page. */
final class Pages {

    /** Azure's limit of a page. */
    private static final int MAX_RESULTS = 5000;

    private Pages() {}

    static int limit(Query query) {
        try {
            int limit = query.get("maxresults").map(Integer::parseInt).orElse(MAX_RESULTS);
            if (limit < 1) {
                throw BlobException.outOfRange("maxresults");
            }
            return Math.min(limit, MAX_RESULTS);
        } catch (NumberFormatException e) {
            throw BlobException.invalidQuery("maxresults");
        }
    }

    /** The name at which the page begins; empty for the first. */
    static String start(Query query) {
        try {
            return new String(Base64.getUrlDecoder().decode(query.text("marker")), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw BlobException.invalidQuery("marker");
        }
    }

    /** What says that the next page begins at {@code name}. */
    static String marker(String name) {
        return Base64.getUrlEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }
}
