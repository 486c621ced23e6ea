package dev.malachite.server.blob;

import dev.malachite.server.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** The folder below which all files are kept; with {@code --in-memory} one that is removed at the end. */
@Component
public class DataFolder implements DisposableBean {

    private final Path root;
    private final boolean temporary;

    DataFolder(Settings settings) {
        this.temporary = settings.inMemory();
        try {
            this.root = temporary
                    ? Files.createTempDirectory("malachite-")
                    : Files.createDirectories(settings.data().toAbsolutePath().normalize());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    @Override
    public void destroy() throws IOException {
        if (temporary) {
            remove(root);
        }
    }

    /** Removes a folder and all that is in it; none there is no error. */
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
