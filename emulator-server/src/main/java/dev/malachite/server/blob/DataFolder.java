package dev.malachite.server.blob;

import dev.malachite.server.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** The folder below which all files are kept. */
@Component
public class DataFolder {

    private final Path root;

    DataFolder(Settings settings) {
        this.root = settings.data().toAbsolutePath().normalize();
    }

    public Path root() {
        return root;
    }

    /** The folder of that name, made if need be. */
    public Path folder(String name) {
        try {
            return Files.createDirectories(root.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@link Settings#scratch}, made if need be. */
    public Path scratch() {
        return folder(Settings.SCRATCH);
    }

    /** Removes a folder below {@link #root} in one step for all who look, even while others write in it. */
    public void discard(Path folder) throws IOException {
        Path aside = scratch().resolve("trash-" + UUID.randomUUID());
        try {
            Files.move(folder, aside, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            return;
        }
        remove(aside);
    }

    /** Removes a folder in which nobody writes, and all that is in it; none there is no error. */
    public static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
