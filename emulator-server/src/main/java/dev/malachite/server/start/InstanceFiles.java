package dev.malachite.server.start;

import dev.malachite.server.Settings;
import dev.malachite.server.tls.PrivateFiles;
import dev.malachite.server.web.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The data folder's own files: the lock that keeps a second emulator out, and what tells the launcher where the first
 * one is.
 */
final class InstanceFiles {

    private static final Logger LOG = LoggerFactory.getLogger(InstanceFiles.class);

    private final Path home;
    private final boolean inMemory;

    /** Held until the process ends; closing the channel would give the lock up. */
    @SuppressWarnings("unused")
    private final FileChannel lock;

    private InstanceFiles(Path home, boolean inMemory, FileChannel lock) {
        this.home = home;
        this.inMemory = inMemory;
        this.lock = lock;
    }

    /** Makes the folder if need be and takes it for this process. */
    static InstanceFiles take(Path home, boolean inMemory) {
        try {
            PrivateFiles.makeFolder(home);
        } catch (IOException e) {
            throw new UserError(
                    "%s cannot be made a data folder (%s); choose another with --data".formatted(home, reason(e)));
        }
        FileChannel channel = open(home);
        try {
            if (channel.tryLock() == null) {
                throw locked(home);
            }
        } catch (OverlappingFileLockException e) {
            throw locked(home);
        } catch (IOException e) {
            throw new UserError(
                    "%s cannot be locked (%s); choose another folder with --data".formatted(home, reason(e)));
        }
        InstanceFiles files = new InstanceFiles(home, inMemory, channel);
        files.forget();
        return files;
    }

    private static FileChannel open(Path home) {
        try {
            return FileChannel.open(
                    home.resolve("malachite.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UserError(
                    "%s cannot be written to (%s); choose another folder with --data".formatted(home, reason(e)));
        }
    }

    private static UserError locked(Path home) {
        return new UserError(
                "another emulator is using %s; stop it with './malachite down' or choose another folder with --data"
                        .formatted(home));
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replaceAll("Exception$", "").replaceAll("([a-z])([A-Z])", "$1 $2");
    }

    /** Where everything that this run keeps goes: for a run in memory a folder that does not outlive it. */
    Path data() {
        return inMemory ? home.resolve("in-memory") : home;
    }

    /** Says that the emulator serves; written only now, so that whoever finds the file finds a listener too. */
    void ready(String host, int httpPort, int httpsPort, String version, Instant startedAt) {
        long pid = ProcessHandle.current().pid();
        ObjectNode instance = Json.object()
                .put("pid", pid)
                .put("host", host)
                .put("httpPort", httpPort)
                .put("httpsPort", httpsPort)
                .put("version", version)
                .put("startedAt", startedAt.toString());
        try {
            PrivateFiles.writePublic(home.resolve("instance.json"), Json.text(instance) + "\n");
            PrivateFiles.writePublic(home.resolve("malachite.pid"), pid + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes what would mislead: at a clean end, and at a start after one that was not. */
    void forget() {
        try {
            Files.deleteIfExists(home.resolve("malachite.pid"));
            Files.deleteIfExists(home.resolve("instance.json"));
            removeTree(inMemory ? data() : data().resolve(Settings.SCRATCH));
        } catch (IOException e) {
            LOG.warn("{} could not be tidied: {}", home, e.getMessage());
        }
    }

    private static void removeTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
