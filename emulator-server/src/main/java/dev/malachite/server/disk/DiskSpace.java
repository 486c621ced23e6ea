package dev.malachite.server.disk;

import dev.malachite.server.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.stereotype.Component;

/**
 * Knows whether there is room. What makes the emulator grow asks first, so that the last bytes of a disk are left for
 * what must be written in any case: how jobs that were accepted have ended.
 */
@Component
public class DiskSpace {

    /** Left for the database and the ends of jobs. */
    private static final long RESERVE = 64L * 1024 * 1024;

    private final Path data;
    private volatile boolean fault;

    DiskSpace(Settings settings) {
        this.data = settings.data();
    }

    /** Plays a full disk, or no longer. */
    public void play(boolean full) {
        fault = full;
    }

    /** Whether being full is only played. */
    public boolean played() {
        return fault;
    }

    /** Before something that needs more room is accepted. */
    public void requireRoom() {
        requirePlayed();
        // Not Files.getFileStore, which reads the list of all mounts each time. A folder that is not there yet is not
        // full.
        if (data.toFile().getUsableSpace() < RESERVE && Files.isDirectory(data)) {
            throw new DiskFull(
                    "The disk that holds %s is full; nothing was changed. Make room, or delete what is not needed."
                            .formatted(data));
        }
    }

    /** Before anything is written: holds for a disk whose being full was asked for, which a real one shows by itself. */
    public void requirePlayed() {
        if (fault) {
            throw new DiskFull(
                    "The disk is full because a fault of kind 'diskFull' was asked for; nothing was changed.");
        }
    }
}
