package dev.malachite.server.delivery;

import dev.malachite.server.Settings;
import dev.malachite.server.disk.DiskSpace;
import dev.malachite.server.runtime.JobData.DataFile;
import jakarta.annotation.PostConstruct;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Fetches files that lie outside of the emulator, for jobs that have them for inputs; kept until the job has them. */
@Component
class Downloads {

    private static final Logger LOG = LoggerFactory.getLogger(Downloads.class);
    private static final Duration QUIET = Duration.ofSeconds(60);
    private static final Duration WHOLE = Duration.ofMinutes(30);

    private final Path folder;
    private final DiskSpace disk;
    private final Fetch fetch;

    Downloads(Settings settings, DiskSpace disk) {
        this.folder = settings.data().toAbsolutePath().resolve("downloads");
        this.disk = disk;
        // Free ports are chosen before the settings are made.
        this.fetch = new Fetch(
                QUIET,
                WHOLE,
                Set.copyOf(List.of(settings.httpsPort(), settings.httpPort())),
                InetAddress::getAllByName);
    }

    /** What an earlier process of ours was bringing when it ended. */
    @PostConstruct
    void empty() {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> left = Files.list(folder)) {
            left.forEach(this::delete);
        } catch (IOException e) {
            LOG.warn("what lies in {} could not be removed: {}", folder, e.getMessage());
        }
    }

    /** The file as it is now, for one job alone. */
    DataFile file(String path, String url, boolean writable) throws IOException {
        disk.requireRoom();
        Files.createDirectories(folder);
        Path fresh = Files.createTempFile(folder, "fetch", ".part");
        try {
            fetch.to(url, fresh);
            return new DataFile(path, fresh, Files.size(fresh), writable);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(fresh);
            throw e;
        }
    }

    /** Its job has it, or will not come. */
    void delete(DataFile file) {
        if (file.content().startsWith(folder)) {
            delete(file.content());
        }
    }

    private void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} could not be removed: {}", file, e.getMessage());
        }
    }
}
