package dev.malachite.server.runtime.ssh;

import dev.malachite.engine.TargetId;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.runtime.ImageFailure;
import dev.malachite.server.runtime.PreparedImage;
import dev.malachite.server.runtime.Requirements;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Environments on attached machines: the machine's own Python, or a virtual environment that is made there once. */
final class SshEnvironments {

    private static final Logger LOG = LoggerFactory.getLogger(SshEnvironments.class);
    private static final Duration DEADLINE = Duration.ofMinutes(30);
    private static final Duration SHORTLY = Duration.ofMinutes(1);
    private static final String FOLDER = "/.azureml/malachite/environments/";

    private final SshConnections connections;
    private final Path notes;
    private final Map<String, Object> locks = new ConcurrentHashMap<>();

    /**
     * Makes nothing.
     *
     * @param notes a folder of ours: what was asked for, to make it again where somebody has cleaned up
     */
    SshEnvironments(SshConnections connections, Path notes) {
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
            if (definition.machine().filter(ImageDefinition.Machine::docker).isPresent()) {
                connection.run(SHORTLY, "m_docker");
            }
            if (!definition.baseImage().isBlank()) {
                log.accept("Jobs on the compute target '%s' run on the machine as it is: the image '%s' is ignored."
                        .formatted(target.name(), definition.baseImage()));
            }
            if (definition.userManaged()) {
                return new PreparedImage("", connection.run(SHORTLY, "m_interpreter", definition.interpreter()));
            }
            List<String> requirements = Requirements.lines(definition, log);
            if (requirements.isEmpty()) {
                return new PreparedImage("", connection.run(SHORTLY, "m_interpreter", "python3"));
            }
            String folder = home + FOLDER + definition.key().value();
            note(folder, definition, requirements);
            make(connection, folder, log);
            return new PreparedImage(folder, folder + "/bin/python");
        } catch (IOException e) {
            throw new ImageFailure("The environment could not be built: " + e.getMessage());
        }
    }

    /** Has the environment there again, if somebody has removed it since. */
    void ensure(SshConnection connection, String folder) throws IOException {
        if (!folder.isEmpty() && !connection.run(SHORTLY, "m_built", folder).equals("built")) {
            LOG.info("the environment {} is no longer on its machine and is made again", folder);
            make(connection, folder, LOG::debug);
        }
    }

    private void make(SshConnection connection, String folder, Consumer<String> log) throws IOException {
        // Two at once would be in each other's way.
        synchronized (locks.computeIfAbsent(folder, key -> new Object())) {
            List<String> lines = Files.readAllLines(note(folder), StandardCharsets.UTF_8);
            String requirements = String.join("\n", lines.subList(1, lines.size()));
            connection.log(DEADLINE, log, "m_environment", folder, lines.getFirst(), requirements);
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
