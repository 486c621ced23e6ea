package dev.malachite.server.blob;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.AbstractList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Blocks that were uploaded and not yet put together; ids are opaque. */
@Component
class StagedBlocks {

    /** Azure's time for blocks that no list names. */
    private static final Duration KEPT = Duration.ofDays(7);

    private final Path root;

    StagedBlocks(DataFolder data) {
        this.root = data.folder("blob-blocks");
        try {
            // Files are dated by the machine's clock, whatever the emulator's says.
            dropBefore(InstantSource.system().instant().minus(KEPT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void keep(BlobAddress blob, String id, Intake.Taken taken) throws IOException {
        try {
            Path file = file(blob, id);
            Files.createDirectories(file.getParent());
            Files.move(taken.file(), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            taken.drop();
        }
    }

    /** The blocks' bytes one after the other, each opened when its turn comes. */
    InputStream open(BlobAddress blob, List<String> ids) {
        List<Path> files = ids.stream().map(id -> file(blob, id)).toList();
        if (!files.stream().allMatch(Files::exists)) {
            throw BlobException.invalidBlockList();
        }
        return new SequenceInputStream(Collections.enumeration(new AbstractList<InputStream>() {
            @Override
            public int size() {
                return files.size();
            }

            @Override
            public InputStream get(int index) {
                try {
                    return Files.newInputStream(files.get(index));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }));
    }

    /** Forgets all blocks of that blob. */
    void drop(BlobAddress blob) throws IOException {
        DataFolder.remove(folder(blob));
    }

    private void dropBefore(Instant limit) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
                    Files.delete(file);
                }
            }
        }
    }

    private Path folder(BlobAddress blob) {
        return root.resolve(blob.container()).resolve(BlobPaths.sha256(blob.name()));
    }

    private Path file(BlobAddress blob, String id) {
        return folder(blob).resolve(BlobPaths.sha256(id));
    }
}
