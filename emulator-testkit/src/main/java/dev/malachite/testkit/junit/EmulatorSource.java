package dev.malachite.testkit.junit;

import dev.malachite.testkit.emulator.Emulator;
import dev.malachite.testkit.emulator.JobRuntime;
import dev.malachite.testkit.emulator.LocalEmulator;
import dev.malachite.testkit.junit.EmulatorExtension.Kept;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Where the emulator comes from. */
sealed interface EmulatorSource {

    /** Whether it can be told where to run jobs. */
    boolean takesRuntime();

    Kept<Emulator> start(JobRuntime runtime);

    /** The first of what is there. */
    static EmulatorSource of(ExtensionContext context) {
        Optional<String> url = setting(context, "url");
        if (url.isPresent()) {
            return new Running(URI.create(url.get()));
        }
        Optional<Path> jar = setting(context, "jar").map(Path::of);
        if (jar.isPresent()) {
            return new Jar(jar.get());
        }
        Optional<Path> launcher = setting(context, "launcher").map(Path::of);
        if (launcher.isPresent()) {
            return new Launcher(launcher.get());
        }
        if (Containers.available()) {
            return new InContainer();
        }
        throw new ExtensionConfigurationException(
                "No emulator for @EmulatorTest: run './malachite up' and set MALACHITE_URL=http://127.0.0.1:10080, or name"
                        + " the emulator's jar with -Dmalachite.jar=FILE, or add org.testcontainers:testcontainers where a"
                        + " Docker engine runs.");
    }

    /** A parameter of JUnit's or a system property, else a variable. */
    private static Optional<String> setting(ExtensionContext context, String name) {
        return context.getConfigurationParameter("malachite." + name)
                .or(() -> Optional.ofNullable(System.getenv("MALACHITE_" + name.toUpperCase(Locale.ROOT))))
                .filter(value -> !value.isBlank());
    }

    /** One that somebody else started, and will stop. */
    record Running(URI control) implements EmulatorSource {

        @Override
        public boolean takesRuntime() {
            return false;
        }

        @Override
        public Kept<Emulator> start(JobRuntime runtime) {
            return new Kept<>(Emulator.at(control), () -> {});
        }
    }

    /** A child process from the emulator's jar. */
    record Jar(Path file) implements EmulatorSource {

        @Override
        public boolean takesRuntime() {
            return true;
        }

        @Override
        public Kept<Emulator> start(JobRuntime runtime) {
            LocalEmulator local = LocalEmulator.fromJar(file, runtime);
            return new Kept<>(local.emulator(), local::close);
        }
    }

    /** A child process by the launcher of a checkout. */
    record Launcher(Path file) implements EmulatorSource {

        @Override
        public boolean takesRuntime() {
            return true;
        }

        @Override
        public Kept<Emulator> start(JobRuntime runtime) {
            LocalEmulator local = LocalEmulator.fromLauncher(file, runtime);
            return new Kept<>(local.emulator(), local::close);
        }
    }

    /** A container of Testcontainers. */
    record InContainer() implements EmulatorSource {

        @Override
        public boolean takesRuntime() {
            return true;
        }

        @Override
        public Kept<Emulator> start(JobRuntime runtime) {
            return Containers.start(runtime);
        }
    }
}
