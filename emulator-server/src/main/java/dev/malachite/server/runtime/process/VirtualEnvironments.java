package dev.malachite.server.runtime.process;

import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.runtime.ImageFailure;
import dev.malachite.server.runtime.LocalCommand;
import dev.malachite.server.runtime.PreparedImage;
import dev.malachite.server.runtime.Requirements;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Environments of the process runtime: virtual environments of this machine's Python, built once for each definition. */
final class VirtualEnvironments {

    private static final Duration DEADLINE = Duration.ofMinutes(30);

    private final Path folder;
    private final Map<String, Object> locks = new ConcurrentHashMap<>();

    VirtualEnvironments(Path folder) {
        this.folder = folder;
    }

    PreparedImage prepare(ImageDefinition definition, Consumer<String> log) throws ImageFailure {
        if (!definition.baseImage().isBlank()) {
            log.accept(
                    "Processes run on this machine as it is: the image '" + definition.baseImage() + "' is ignored.");
        }
        if (definition.userManaged()) {
            return new PreparedImage("", interpreter(definition.interpreter()));
        }
        List<String> requirements = Requirements.lines(definition, log);
        if (requirements.isEmpty()) {
            return new PreparedImage("", interpreter("python3"));
        }
        synchronized (locks.computeIfAbsent(definition.key().value(), key -> new Object())) {
            try {
                return environment(definition, requirements, log);
            } catch (IOException e) {
                throw new ImageFailure("The environment could not be built: " + e.getMessage(), e);
            }
        }
    }

    /** Makes one with nothing but the machine's own Python. */
    static void bare(Path environment) throws ImageFailure, IOException {
        run(
                List.of(interpreter("python3"), "-m", "venv", environment.toString()),
                "make a virtual environment",
                line -> {});
    }

    private PreparedImage environment(ImageDefinition definition, List<String> requirements, Consumer<String> log)
            throws ImageFailure, IOException {
        Path environment = folder.resolve(definition.key().value());
        // Virtual environments know their own path, so they cannot be made beside and renamed: a marker says that one
        // is whole.
        Path done = environment.resolve("malachite-done");
        PreparedImage prepared = new PreparedImage(
                environment.toString(), environment.resolve("bin/python").toString());
        if (Files.exists(done)) {
            return prepared;
        }
        String python = nearest(definition, log);
        Files.createDirectories(folder);
        run(List.of(python, "-m", "venv", "--clear", environment.toString()), "make a virtual environment", log);
        Path file = environment.resolve("requirements.txt");
        Files.write(file, requirements, StandardCharsets.UTF_8);
        log.accept("Installing: " + String.join(", ", requirements));
        run(
                List.of(prepared.python(), "-m", "pip", "install", "--no-input", "-r", file.toString()),
                "install the packages",
                log);
        Files.createFile(done);
        return prepared;
    }

    private static void run(List<String> command, String what, Consumer<String> log) throws ImageFailure, IOException {
        LocalCommand.Result result = LocalCommand.run(command, DEADLINE, log);
        if (result.exitCode() != 0) {
            throw new ImageFailure("The environment could not be built: failed to " + what + " (exit code "
                    + result.exitCode() + ").\n" + result.lastLines());
        }
    }

    private static String nearest(ImageDefinition definition, Consumer<String> log) throws ImageFailure, IOException {
        Optional<String> wanted = definition.pythonVersion();
        String minor = wanted.map(version -> version.split("\\.", -1))
                .filter(parts -> parts.length > 1)
                .map(parts -> parts[0] + "." + parts[1])
                .orElse("3");
        String python = interpreter("python3");
        Optional<String> exact = onPath("python" + minor);
        Optional<String> found = exact.flatMap(VirtualEnvironments::version);
        if (found.isPresent()) {
            python = exact.get();
        } else {
            // A name on the PATH may be a shim that leads nowhere.
            found = version(python);
        }
        String version = found.orElse("of an unknown version");
        log.accept(wanted.filter(asked -> !asked.equals(version))
                .map(asked -> "Python " + asked + " is asked for; the nearest one here is " + version + ".")
                .orElse("Python " + version));
        return python;
    }

    /** What the interpreter says it is; empty when it does not run. */
    private static Optional<String> version(String python) {
        try {
            LocalCommand.Result result = LocalCommand.run(
                    List.of(python, "-c", "import platform; print(platform.python_version())"),
                    Duration.ofMinutes(1),
                    line -> {});
            return result.exitCode() == 0 ? Optional.of(result.lastLines().strip()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String interpreter(String asked) throws ImageFailure {
        String name = asked.isBlank() ? "python" : asked;
        if (name.contains("/")) {
            if (Files.isExecutable(Path.of(name))) {
                return name;
            }
            throw new ImageFailure("There is no interpreter '" + name + "' on this machine.");
        }
        return onPath(name)
                .or(() -> name.startsWith("python") ? onPath("python3") : Optional.empty())
                .orElseThrow(() -> new ImageFailure(
                        "There is no interpreter '" + name + "' on this machine. Install Python 3, or use Docker."));
    }

    private static Optional<String> onPath(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/local/bin:/usr/bin:/bin");
        for (String entry : path.split(File.pathSeparator, -1)) {
            Path file = Path.of(entry, program);
            if (Path.of(entry).isAbsolute() && Files.isRegularFile(file) && Files.isExecutable(file)) {
                return Optional.of(file.toString());
            }
        }
        return Optional.empty();
    }
}
