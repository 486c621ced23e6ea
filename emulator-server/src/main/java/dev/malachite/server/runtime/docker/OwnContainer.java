package dev.malachite.server.runtime.docker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out whether the emulator itself runs in a container of the engine that it uses. */
final class OwnContainer {

    private static final Pattern ID = Pattern.compile("/containers/([0-9a-f]{64})/");

    private final Engine engine;
    private boolean known;
    private Optional<String> id = Optional.empty();

    OwnContainer(Engine engine) {
        this.engine = engine;
    }

    /** Where it is known already. */
    OwnContainer(Engine engine, String id) {
        this.engine = engine;
        this.id = Optional.of(id);
        this.known = true;
    }

    /** Our container's id; empty when we run on the machine itself. */
    synchronized Optional<String> id() throws IOException {
        if (!known) {
            id = Files.exists(Path.of("/.dockerenv")) ? find() : Optional.empty();
            known = true;
        }
        return id;
    }

    private Optional<String> find() throws IOException {
        List<String> names = new ArrayList<>();
        // The engine mounts files of the container's own folder, so its id stands in the table of mounts even where
        // the host name was changed.
        Matcher mounts = ID.matcher(Files.readString(Path.of("/proc/self/mountinfo"), StandardCharsets.UTF_8));
        if (mounts.find()) {
            names.add(mounts.group(1));
        }
        Optional.ofNullable(System.getenv("HOSTNAME")).ifPresent(names::add);
        for (String name : names) {
            try {
                return Optional.of(engine.call(
                        "inspect ourselves",
                        docker -> docker.inspectContainerCmd(name).exec().getId()));
            } catch (Engine.Missing e) {
                // A container of another engine.
            }
        }
        return Optional.empty();
    }
}
