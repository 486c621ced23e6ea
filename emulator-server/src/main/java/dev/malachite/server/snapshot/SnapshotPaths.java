package dev.malachite.server.snapshot;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a path in a snapshot may be, and the limits of a snapshot as a whole. */
final class SnapshotPaths {

    /** The SDK's own limit is 2 000, lifted by {@code AML_SNAPSHOT_NO_FILE_LIMIT}; this one is ours. */
    static final int MAX_FILES = 10_000;

    /** Azure's limit: 300 MB. */
    static final long MAX_BYTES = 300L * 1024 * 1024;

    /** The longest name that file systems take. */
    private static final int MAX_SEGMENT = 255;

    /** Leaves room in a blob's name of 1024 characters for what stands before it. */
    private static final int MAX_PATH = 900;

    private static final int MAX_DEPTH = 90;

    private SnapshotPaths() {}

    /** A path as the SDK names it, with the separators of its own system: on Windows it sends {@code sub\\a.py}. */
    static String ofClient(String path) {
        return require(path.replace('\\', '/'));
    }

    /** @throws AzureException when the path is absolute, leaves the folder, or is nothing that a file can be called */
    static String require(String path) {
        if (path.isEmpty() || path.length() > MAX_PATH) {
            throw refused(path, "its length is not between 1 and " + MAX_PATH);
        }
        for (String segment : path.split("/", -1)) {
            requireSegment(path, segment);
        }
        return path;
    }

    /** The files of a {@code DirTreeNode} with their hashes, which may be empty. */
    static SortedMap<String, String> files(JsonNode root) {
        SortedMap<String, String> files = new TreeMap<>();
        collect(root, "", 0, files);
        return files;
    }

    static void requireCount(int files) {
        if (files > MAX_FILES) {
            throw new AzureException(
                    Errors.userError("Your project exceeds the file limit of %d.".formatted(MAX_FILES)));
        }
    }

    static void requireSize(long bytes) {
        if (bytes > MAX_BYTES) {
            throw new AzureException(Errors.userError("Your total snapshot size exceeds the limit of 300.0 MB."));
        }
    }

    private static void collect(JsonNode folder, String prefix, int depth, SortedMap<String, String> files) {
        if (depth > MAX_DEPTH) {
            throw refused(prefix, "the folders are nested too deeply");
        }
        if (!(Json.member(folder, "children") instanceof ObjectNode children)) {
            throw refused(prefix, "a folder has no object of children");
        }
        for (var child : children.properties()) {
            String path = prefix + child.getKey();
            requireSegment(path, child.getKey());
            if (path.length() > MAX_PATH) {
                throw refused(path, "its length is not between 1 and " + MAX_PATH);
            }
            switch (Json.string(child.getValue(), "type").orElse("")) {
                case "Directory" -> collect(child.getValue(), path + "/", depth + 1, files);
                case "File" -> {
                    files.put(path, Json.string(child.getValue(), "hash").orElse(""));
                    requireCount(files.size());
                }
                default -> throw refused(path, "it is neither a File nor a Directory");
            }
        }
    }

    private static void requireSegment(String path, String segment) {
        boolean moves = segment.isEmpty() || segment.equals(".") || segment.equals("..");
        if (moves
                || segment.codePoints()
                        .anyMatch(c -> c == '/'
                                || c == '\\'
                                || Character.isISOControl(c)
                                || Character.getType(c) == Character.SURROGATE)) {
            throw refused(path, "it has a segment that no file can be called");
        }
        if (segment.getBytes(StandardCharsets.UTF_8).length > MAX_SEGMENT) {
            throw refused(path, "a segment is longer than " + MAX_SEGMENT + " bytes");
        }
    }

    private static AzureException refused(String path, String why) {
        String shown = path.length() > 80 ? path.substring(0, 80) + "..." : path;
        return new AzureException(Errors.userError(
                "The snapshot cannot hold the path '%s': %s.".formatted(shown.replaceAll("\\p{Cntrl}", "?"), why)));
    }
}
