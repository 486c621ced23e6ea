package dev.malachite.server.runtime.ssh;

import java.util.List;
import java.util.Optional;

/**
 * What a job on an attached machine runs in.
 *
 * @param image of a container on the machine; empty where the job runs on the machine as it is
 * @param folder the virtual environment that was made for it, seen at the same place in the container; empty where the
 *     Python that is there will do
 */
record MachineEnvironment(Optional<String> image, String folder) {

    private static final String DOCKER = "docker ";

    /** As the engine keeps it. */
    String reference() {
        return image.map(name -> DOCKER + name + " " + folder).orElse(folder);
    }

    static MachineEnvironment of(String reference) {
        if (!reference.startsWith(DOCKER)) {
            return new MachineEnvironment(Optional.empty(), reference);
        }
        // No name of an image has a space; the path of a home may have.
        String[] parts = reference.split(" ", 3);
        return new MachineEnvironment(Optional.of(parts[1]), parts[2]);
    }

    /** Folders that stand before the job's own path. */
    List<String> path() {
        return folder.isEmpty() ? List.of() : List.of(folder + "/bin");
    }
}
