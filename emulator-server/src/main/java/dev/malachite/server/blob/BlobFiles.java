package dev.malachite.server.blob;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The tree of files that holds the blobs' bytes: a folder a container, a file a blob. Who writes holds the blob's lock. */
final class BlobFiles {

    /** By blob name, as Azure lists; characters compared as numbers. */
    private static final Comparator<Blob> BY_NAME =
            Comparator.comparing(blob -> blob.address().name());

    /** Real time, as of every file. */
    private final InstantSource time = InstantSource.system();

    private final Path root;
    private final Sidecars sidecars;

    BlobFiles(Path root, Sidecars sidecars) {
        this.root = root;
        this.sidecars = sidecars;
    }

    Optional<Blob> find(BlobAddress address) {
        Path file = file(address);
        try {
            return Optional.of(blob(address, file, Files.readAttributes(file, BasicFileAttributes.class)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The container's blobs whose names begin with {@code prefix}, sorted by name. */
    List<Blob> list(String container, String prefix) {
        Path folder = folder(container);
        List<Blob> found = new ArrayList<>();
        Optional<String> below = BlobPaths.folderOf(prefix);
        collect(folder, below.map(folder::resolve).orElse(folder), container, found);
        if (below.isPresent()) {
            collect(folder, folder.resolve(BlobPaths.HASHED), container, found);
        }
        found.removeIf(blob -> !blob.address().name().startsWith(prefix));
        found.sort(BY_NAME);
        return found;
    }

    /** The names of all containers, in order. */
    List<String> containers() throws IOException {
        try (Stream<Path> containers = Files.list(root)) {
            return containers
                    .map(path -> path.getFileName().toString())
                    .filter(Containers::legal)
                    .sorted()
                    .toList();
        }
    }

    /** Makes what was taken the blob's content, in one step. */
    Blob install(BlobAddress address, Intake.Taken taken) throws IOException {
        sidecars.announce(address);
        Path file = file(address);
        Files.createDirectories(file.getParent());
        boolean before = Files.exists(file);
        Files.move(taken.file(), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (before) {
            touch(file);
        }
        return find(address).orElseThrow(BlobException::blobNotFound);
    }

    /** The file system's own stamp moves in steps of some milliseconds, in which a blob could change twice. */
    void touch(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(time.instant()));
    }

    Path folder(String container) {
        Containers.require(container);
        return root.resolve(container);
    }

    Path file(BlobAddress address) {
        return folder(address.container()).resolve(BlobPaths.encode(address.name()));
    }

    private void collect(Path root, Path below, String container, List<Blob> found) {
        try {
            Files.walkFileTree(below, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    Path relative = root.relativize(file);
                    BlobPaths.decode(relative)
                            .or(() -> sidecars.name(container, relative))
                            .ifPresent(name -> found.add(blob(new BlobAddress(container, name), file, attributes)));
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Blob blob(BlobAddress address, Path file, BasicFileAttributes attributes) {
        return new Blob(
                address, file, attributes.size(), attributes.lastModifiedTime().toInstant());
    }
}
