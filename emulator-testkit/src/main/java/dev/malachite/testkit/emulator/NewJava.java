package dev.malachite.testkit.emulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** Finds a Java that can run the emulator, which needs a newer one than users' tests do. */
final class NewJava {

    private static final int NEEDED = 25;

    /** Folders whose children are homes of Javas; what stands behind each is where in a child the home is. */
    private static final List<Place> PLACES = List.of(
            new Place(Path.of("/usr/lib/jvm"), ""),
            new Place(Path.of("/Library/Java/JavaVirtualMachines"), "Contents/Home"),
            new Place(user("Library/Java/JavaVirtualMachines"), "Contents/Home"),
            new Place(user(".sdkman/candidates/java"), ""),
            new Place(user(".jdks"), ""));

    private NewJava() {}

    private record Place(Path folder, String below) {}

    /** The program {@code java}. */
    static Path find() {
        if (Runtime.version().feature() >= NEEDED) {
            return program(Path.of(System.getProperty("java.home")));
        }
        return Stream.concat(
                        Stream.of("MALACHITE_JAVA_HOME", "JAVA_HOME")
                                .map(System::getenv)
                                .filter(Objects::nonNull)
                                .map(Path::of),
                        PLACES.stream().flatMap(NewJava::children))
                .filter(NewJava::isNewEnough)
                .findFirst()
                .map(NewJava::program)
                .orElseThrow(() -> new IllegalStateException("The emulator needs a Java " + NEEDED
                        + ", and there is none in JAVA_HOME or the usual places; install one and set"
                        + " MALACHITE_JAVA_HOME to it."));
    }

    static boolean isNewEnough(Path home) {
        return version(home).map(version -> version >= NEEDED).orElse(false) && Files.isExecutable(program(home));
    }

    /** Every Java since 9 has a file that tells its version. */
    private static Optional<Integer> version(Path home) {
        Properties release = new Properties();
        try (var file = Files.newBufferedReader(home.resolve("release"))) {
            release.load(file);
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
        String version = release.getProperty("JAVA_VERSION", "").replace("\"", "");
        String feature = version.replaceFirst("\\D.*", "");
        return feature.isEmpty() || feature.length() > 4 ? Optional.empty() : Optional.of(Integer.parseInt(feature));
    }

    private static Stream<Path> children(Place place) {
        if (!Files.isDirectory(place.folder())) {
            return Stream.empty();
        }
        try (Stream<Path> children = Files.list(place.folder())) {
            return children.map(child -> child.resolve(place.below())).sorted().toList().stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    private static Path program(Path home) {
        Path program = home.resolve("bin").resolve("java");
        return Files.exists(program) ? program : program.resolveSibling("java.exe");
    }

    private static Path user(String below) {
        return Path.of(System.getProperty("user.home")).resolve(below);
    }
}
