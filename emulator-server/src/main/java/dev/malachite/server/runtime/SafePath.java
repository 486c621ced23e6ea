package dev.malachite.server.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Keeps relative paths that others chose inside the folder they are meant for. */
public final class SafePath {

    private SafePath() {}

    /**
     * The path with nothing in it that climbs or starts anew.
     *
     * @throws IOException when it would leave its folder
     */
    public static String relative(String path) throws IOException {
        boolean bad = path.isEmpty()
                || path.startsWith("/")
                || path.indexOf('\0') >= 0
                || Arrays.asList(path.split("/", -1)).contains("..");
        if (bad) {
            throw new IOException("A path leaves its folder: " + path);
        }
        return path;
    }

    /** The path below a folder. */
    public static Path below(Path folder, String path) throws IOException {
        Path full = folder.resolve(relative(path)).normalize();
        if (!full.startsWith(folder)) {
            throw new IOException("A path leaves its folder: " + path);
        }
        return full;
    }
}
