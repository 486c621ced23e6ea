package dev.malachite.server.artifact;

import dev.malachite.api.Errors;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.blob.BlobAddress;
import dev.malachite.server.blob.Containers;
import dev.malachite.server.web.AzureException;
import java.util.regex.Pattern;

/**
 * Names one artifact, or, where the path is a prefix, several.
 *
 * @param origin {@code ExperimentRun}, {@code LocalUpload}, or what else a client makes up
 * @param container {@code dcid.<run id>} for runs
 * @param path relative, with {@code /}
 */
record ArtifactId(String origin, String container, String path) {

    private static final String RUNS = "ExperimentRun";

    private static final String OF_RUN = "dcid.";

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}");

    /** Of all three together: they are a blob's name. */
    private static final int MAX_LENGTH = 1024;

    ArtifactId {
        if (!WORD.matcher(origin).matches() || !WORD.matcher(container).matches()) {
            throw new AzureException(Errors.invalidParameter("container", "origin and container are single words."));
        }
        if (origin.equalsIgnoreCase(RUNS)) {
            origin = RUNS;
            // azureml-core 0.1 names the run itself.
            container = container.startsWith(OF_RUN) ? container : OF_RUN + container;
        }
        // One: routes hand paths over with it. What is left of another is an empty segment and refused.
        if (path.startsWith("/")) {
            path = path.substring(1);
        }
        if (origin.length() + container.length() + path.length() + 2 > MAX_LENGTH) {
            throw new AzureException(Errors.invalidParameter("path", "it is too long."));
        }
    }

    static ArtifactId ofRun(String run, String path) {
        return new ArtifactId(RUNS, OF_RUN + run, path);
    }

    /** The blob that holds the artifact; refuses what could not be a file below the run's folder. */
    BlobAddress blob(WorkspaceId workspace) {
        for (String segment : path.split("/", -1)) {
            boolean moves = segment.isEmpty() || segment.equals(".") || segment.equals("..");
            if (moves || segment.codePoints().anyMatch(ArtifactId::isUnprintable)) {
                throw new AzureException(Errors.invalidParameter("path", "it does not name a file."));
            }
        }
        return new BlobAddress(Containers.artifacts(workspace), root() + path);
    }

    /** Control characters, and halves of characters that no UTF-8 can hold. */
    private static boolean isUnprintable(int c) {
        return Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE;
    }

    /** What the names of all blobs of this container begin with. */
    String root() {
        return origin + "/" + container + "/";
    }

    String text() {
        return root() + path;
    }

    boolean isOfRun() {
        return origin.equals(RUNS);
    }

    ArtifactId with(String otherPath) {
        return new ArtifactId(origin, container, otherPath);
    }
}
