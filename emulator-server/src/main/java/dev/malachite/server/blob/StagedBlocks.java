package dev.malachite.server.blob;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Blocks that were uploaded and not yet put together; ids are opaque. */
@Component
class StagedBlocks {

    /** In encoded form; Azure's limit is 64 bytes before, and file names end at 255 characters. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9+/=_%-]{1,100}");

    /** Azure's time for blocks that no list names. */
    private static final Duration KEPT = Duration.ofDays(7);

    private static final HexFormat HEX = HexFormat.of();

    /** How often those are looked for whose time is over. */
    private static final Duration LOOKED = Duration.ofDays(1);

    private final Path root;

    /** Files are dated by the machine's clock, whatever the emulator's says. */
    private final InstantSource time = InstantSource.system();

    private volatile Instant looked;

    StagedBlocks(DataFolder data) {
        this.root = data.folder("blob-blocks");
        this.looked = time.instant();
        try {
            dropOld();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean isId(String id) {
        return ID.matcher(id).matches();
    }

    void keep(BlobAddress blob, String id, Intake.Taken taken) throws IOException {
        try {
            if (time.instant().isAfter(looked.plus(LOOKED))) {
                looked = time.instant();
                dropOld();
            }
            Path file = file(blob, id);
            Files.createDirectories(file.getParent());
            Files.move(taken.file(), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            taken.drop();
        }
    }

    /** Where the bytes of that block are. */
    Optional<Intake.Part> find(BlobAddress blob, String id) throws IOException {
        Path file = file(blob, id);
        try {
            return Optional.of(new Intake.Part(file, 0, Files.size(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** All of that blob in the order of their ids. */
    List<Block> list(BlobAddress blob) throws IOException {
        List<Block> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder(blob))) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                found.add(new Block(new String(HEX.parseHex(name), StandardCharsets.UTF_8), Files.size(file)));
            }
        } catch (NoSuchFileException e) {
            return List.of();
        }
        found.sort(Comparator.comparing(Block::id));
        return found;
    }

    /** Forgets all blocks of that blob. */
    void drop(BlobAddress blob) throws IOException {
        DataFolder.remove(folder(blob));
    }

    /** Those of all blobs of that container. */
    Path folder(String container) {
        return root.resolve(container);
    }

    private void dropOld() throws IOException {
        Instant limit = time.instant().minus(KEPT);
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes facts) throws IOException {
                if (facts.lastModifiedTime().toInstant().isBefore(limit)) {
                    Files.deleteIfExists(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                // Another request has put them together, or dropped them, meanwhile.
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private Path folder(BlobAddress blob) {
        return folder(blob.container()).resolve(BlobPaths.sha256(blob.name()));
    }

    /** Ids differ by capitals, which some file systems do not tell apart. */
    private Path file(BlobAddress blob, String id) {
        return folder(blob).resolve(HEX.formatHex(id.getBytes(StandardCharsets.UTF_8)));
    }
}
