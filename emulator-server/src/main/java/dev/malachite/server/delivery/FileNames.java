package dev.malachite.server.delivery;

import java.nio.charset.StandardCharsets;

/** Knows which names of blobs a file of a node can have. */
final class FileNames {

    /** Of the file systems that are usual. */
    private static final int MOST_BYTES = 255;

    private FileNames() {}

    /** Whether a relative path with {@code /} can be a file's. */
    static boolean possible(String path) {
        for (String segment : path.split("/", -1)) {
            if (segment.isEmpty()
                    || segment.equals(".")
                    || segment.equals("..")
                    || segment.indexOf('\0') >= 0
                    || segment.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
                return false;
            }
        }
        return true;
    }
}
