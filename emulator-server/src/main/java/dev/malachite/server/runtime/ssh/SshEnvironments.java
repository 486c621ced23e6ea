package dev.malachite.server.runtime.ssh;

import dev.malachite.engine.TargetId;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.runtime.ImageFailure;
import dev.malachite.server.runtime.ImageMap;
import dev.malachite.server.runtime.PreparedImage;
import dev.malachite.server.runtime.Requirements;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Environments on attached machines: the machine's own Python, or that of an image there, or a virtual environment that is
 * made of it once.
 */
final class SshEnvironments {

    private static final Logger LOG = LoggerFactory.getLogger(SshEnvironments.class);
    private static final Duration DEADLINE = Duration.ofMinutes(30);
    private static final Duration SHORTLY = Duration.ofMinutes(1);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final String INSIDE = "m_inside";
    private static final String FOLDER = "/.azureml/malachite/environments/";

    private final SshConnections connections;
    private final Path notes;
    private final ImageMap map;
    private final Map<String, Object> locks = new ConcurrentHashMap<>();

    /**
     * Makes nothing.
     *
     * @param notes a folder of ours: what was asked for, to make it again where somebody has cleaned up
     * @param map what stands for images that a machine does not have
     */
    SshEnvironments(SshConnections connections, Path notes, ImageMap map) {
        this.map = map;
        this.connections = connections;
        this.notes = notes;
    }

    PreparedImage prepare(ImageDefinition definition, Consumer<String> log) throws ImageFailure {
        TargetId target = definition
                .machine()
                .map(ImageDefinition.Machine::target)
                .orElseThrow(() -> new ImageFailure("The environment names no machine."));
        try (SshConnection connection = connections.enter(target)) {
            String home = connection.run(SHORTLY, "m_home");
            Optional<String> image = Optional.empty();
            if (definition.machine().filter(ImageDefinition.Machine::docker).isPresent()) {
                image = Optional.of(image(connection, definition, log));
            } else if (!definition.baseImage().isBlank()) {
                log.accept("Jobs on the compute target '%s' run on the machine as it is: the image '%s' is ignored."
                        .formatted(target.name(), definition.baseImage()));
            }
            List<String> requirements = definition.userManaged() ? List.of() : Requirements.lines(definition, log);
            if (requirements.isEmpty()) {
                String wanted = definition.userManaged() ? definition.interpreter() : "python3";
                String python = image.isPresent()
                        ? connection.run(
                                LONG, INSIDE, image.get(), home + FOLDER, SshConnection.text("m_interpreter", wanted))
                        : connection.run(SHORTLY, "m_interpreter", wanted);
                return new PreparedImage(new MachineEnvironment(image, "").reference(), python);
            }
            MachineEnvironment made = new MachineEnvironment(
                    image, home + FOLDER + definition.key().value());
            note(made.folder(), definition, requirements);
            make(connection, made, log);
            return new PreparedImage(made.reference(), made.folder() + "/bin/python");
        } catch (IOException e) {
            throw new ImageFailure("The environment could not be built: " + e.getMessage());
        }
    }

    /** The name of the image on the machine: the one that is asked for, or the one that stands for it there, or it is pulled. */
    private String image(SshConnection connection, ImageDefinition definition, Consumer<String> log)
            throws ImageFailure, IOException {
        if (definition.recipe().isPresent() || definition.baseImage().isBlank()) {
            throw new ImageFailure(
                    "On an attached machine a container is made of an image with a name; a Dockerfile or a"
                            + " build context is not built there.");
        }
        String image = definition.baseImage();
        List<String> names = new ArrayList<>(List.of(image));
        map.find(image).ifPresent(names::add);
        String there = connection.run(SHORTLY, "m_has", names.toArray(String[]::new));
        if (there.isEmpty()) {
            connection.log(DEADLINE, log, "m_pull", image);
            return image;
        }
        if (!there.equals(image)) {
            log.accept("The machine does not have the image '%s'; '%s' stands for it.".formatted(image, there));
        }
        return there;
    }

    /** Has the environment there again, if somebody has removed it since. */
    void ensure(SshConnection connection, MachineEnvironment environment) throws IOException {
        String folder = environment.folder();
        if (!folder.isEmpty() && !connection.run(SHORTLY, "m_built", folder).equals("built")) {
            LOG.info("the environment {} is no longer on its machine and is made again", folder);
            make(connection, environment, LOG::debug);
        }
    }

    private void make(SshConnection connection, MachineEnvironment environment, Consumer<String> log)
            throws IOException {
        String folder = environment.folder();
        // Two at once would be in each other's way.
        synchronized (locks.computeIfAbsent(folder, key -> new Object())) {
            List<String> lines = Files.readAllLines(note(folder), StandardCharsets.UTF_8);
            String requirements = String.join("\n", lines.subList(1, lines.size()));
            String[] wanted = {folder, lines.getFirst(), requirements};
            if (environment.image().isPresent()) {
                String parent = folder.substring(0, folder.lastIndexOf('/') + 1);
                connection.log(
                        DEADLINE,
                        log,
                        INSIDE,
                        environment.image().get(),
                        parent,
                        SshConnection.text("m_environment", wanted));
            } else {
                connection.log(DEADLINE, log, "m_environment", wanted);
            }
        }
    }

    private void note(String folder, ImageDefinition definition, List<String> requirements) throws IOException {
        Files.createDirectories(notes);
        Files.writeString(
                note(folder),
                definition.pythonVersion().orElse("") + "\n" + String.join("\n", requirements),
                StandardCharsets.UTF_8);
    }

    private Path note(String folder) {
        return notes.resolve(folder.substring(folder.lastIndexOf('/') + 1));
    }
}
