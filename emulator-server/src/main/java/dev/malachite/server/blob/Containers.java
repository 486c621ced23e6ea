package dev.malachite.server.blob;

import dev.malachite.engine.WorkspaceId;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The names of the containers that the emulator itself uses. */
public final class Containers {

    /** Azure's rule: 3 to 63 of lower-case letters, digits and single hyphens. */
    private static final Pattern LEGAL = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    private static final int SHORTEST = 3;
    private static final int LONGEST = 63;

    private static final Pattern OF_A_WORKSPACE =
            Pattern.compile("(?:azureml|azureml-blobstore|snapshots)-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

    private Containers() {}

    /** Artifacts of runs and models: the datastore {@code workspaceartifactstore}. */
    public static String artifacts(WorkspaceId workspace) {
        return "azureml-" + workspace;
    }

    /** The default datastore, {@code workspaceblobstore}. */
    public static String datastore(WorkspaceId workspace) {
        return "azureml-blobstore-" + workspace;
    }

    /** Where the v1 SDK puts the files of snapshots before it names them in one. */
    public static String snapshots(WorkspaceId workspace) {
        return "snapshots-" + workspace;
    }

    /** A container of its own for one code asset of the v2 SDK. */
    public static String newCode() {
        return "code-" + UUID.randomUUID();
    }

    static boolean legal(String container) {
        return hasLength(container) && LEGAL.matcher(container).matches() && !container.equals(StorageAccount.NAME);
    }

    /** @throws BlobException as Azure tells a name that is too short or too long from one that is spelled wrongly */
    static void require(String container) {
        require("container", container);
    }

    /** As of a container: names of shares follow the same rule. */
    static void require(String kind, String name) {
        if (!hasLength(name)) {
            throw BlobException.nameLength();
        }
        if (!legal(name)) {
            throw BlobException.invalidResourceName(kind);
        }
    }

    private static boolean hasLength(String container) {
        return container.length() >= SHORTEST && container.length() <= LONGEST;
    }

    /** Whether the container exists from the start, because it belongs to a workspace. */
    static boolean alwaysThere(String container) {
        return owner(container).isPresent();
    }

    /** The workspaces whose containers are named anywhere in a text. */
    public static Stream<WorkspaceId> owners(String text) {
        return OF_A_WORKSPACE.matcher(text).results().map(found -> new WorkspaceId(found.group(1)));
    }

    /** The workspace that the container belongs to by its name. */
    static Optional<WorkspaceId> owner(String container) {
        Matcher matcher = OF_A_WORKSPACE.matcher(container);
        return matcher.matches() ? Optional.of(new WorkspaceId(matcher.group(1))) : Optional.empty();
    }
}
