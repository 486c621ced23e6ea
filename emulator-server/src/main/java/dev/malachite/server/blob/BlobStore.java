package dev.malachite.server.blob;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.disk.DiskSpace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * The blobs of the account. A blob is a file below {@code blobs/<container>}, so that a runtime can append to a log
 * while clients read it; everything else about it is in its sidecar. Whole blobs are written beside and renamed.
 */
@Component
public class BlobStore {

    /** By blob name, as Azure lists; characters compared as numbers. */
    private static final Comparator<Blob> BY_NAME =
            Comparator.comparing(blob -> blob.address().name());

    /** Writers of one blob take turns, those of different blobs mostly do not. */
    private static final int STRIPES = 64;

    private final DataFolder data;
    private final Path blobs;
    private final Intake intake;
    private final Sidecars sidecars;
    private final List<ReentrantLock> locks =
            IntStream.range(0, STRIPES).mapToObj(i -> new ReentrantLock()).toList();

    BlobStore(DataFolder data, DiskSpace disk) {
        this.data = data;
        this.blobs = data.folder("blobs");
        Path fresh = data.folder("blob-tmp");
        try {
            // What a crash left half-written; nobody was told that it is there.
            DataFolder.remove(fresh);
            Files.createDirectories(fresh);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.intake = new Intake(fresh, disk);
        this.sidecars = new Sidecars(data.folder("blob-meta"), fresh);
    }

    /** Takes the bytes; an existing blob of that name is replaced. */
    public Blob put(BlobAddress address, InputStream content) throws IOException {
        return keep(address, intake.take(content, -1, Optional.empty()), BlobProperties.NONE, before -> {});
    }

    /** Where the bytes of that blob are or will be, so that they can be appended to in place; its folders are made. */
    public Path fileToAppend(BlobAddress address) throws IOException {
        sidecars.announce(address);
        Path file = file(address);
        Files.createDirectories(file.getParent());
        return file;
    }

    public Optional<Blob> find(BlobAddress address) {
        return look(address, file(address));
    }

    public Optional<Blob> delete(BlobAddress address) throws IOException {
        return delete(address, before -> {});
    }

    /** Deletes a blob whose name will not come again, and the folders that were its alone. */
    public void discard(BlobAddress address) throws IOException {
        delete(address);
        Path root = folder(address.container());
        try {
            for (Path empty = file(address).getParent();
                    empty != null && !empty.equals(root);
                    empty = empty.getParent()) {
                Files.deleteIfExists(empty);
            }
        } catch (DirectoryNotEmptyException e) {
            // Others live there.
            return;
        }
    }

    /** The container's blobs whose names begin with {@code prefix}, sorted by name. */
    public List<Blob> list(String container, String prefix) {
        Path root = folder(container);
        List<Blob> found = new ArrayList<>();
        Optional<String> below = BlobPaths.folderOf(prefix);
        collect(root, below.map(root::resolve).orElse(root), container, found);
        if (below.isPresent()) {
            collect(root, root.resolve(BlobPaths.HASHED), container, found);
        }
        found.removeIf(blob -> !blob.address().name().startsWith(prefix));
        found.sort(BY_NAME);
        return found;
    }

    /** Whether there is such a container; those of workspaces are there from the start. */
    public boolean hasContainer(String container) {
        return Containers.legal(container)
                && (Containers.alwaysThere(container) || Files.isDirectory(folder(container)));
    }

    /** Makes a container; false when it was there. */
    public boolean createContainer(String container) throws IOException {
        boolean fresh = !hasContainer(container);
        Files.createDirectories(folder(container));
        return fresh;
    }

    /** Removes a container and all its blobs; none there is no error. */
    public void removeContainer(String container) throws IOException {
        data.discard(folder(container));
        data.discard(sidecars.folder(container));
    }

    /** The workspaces whose containers have been written to. */
    public Set<WorkspaceId> owners() throws IOException {
        try (Stream<Path> containers = Files.list(blobs)) {
            return containers
                    .flatMap(path -> Containers.owner(path.getFileName().toString()).stream())
                    .collect(Collectors.toSet());
        }
    }

    Intake intake() {
        return intake;
    }

    BlobProperties properties(Blob blob) {
        return sidecars.read(blob);
    }

    /**
     * Makes what was taken the blob's content.
     *
     * @param condition looks at what is there before, and throws when it must not be replaced
     */
    Blob keep(BlobAddress address, Intake.Taken taken, BlobProperties properties, Consumer<Optional<Blob>> condition)
            throws IOException {
        ReentrantLock lock = lock(address);
        lock.lock();
        try {
            condition.accept(find(address));
            Path file = fileToAppend(address);
            Files.move(taken.file(), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Blob blob = find(address).orElseThrow(BlobException::blobNotFound);
            sidecars.write(blob, properties);
            return blob;
        } finally {
            lock.unlock();
            taken.drop();
        }
    }

    Blob change(BlobAddress address, UnaryOperator<BlobProperties> change, Consumer<Optional<Blob>> condition)
            throws IOException {
        ReentrantLock lock = lock(address);
        lock.lock();
        try {
            Blob blob = find(address).orElseThrow(BlobException::blobNotFound);
            condition.accept(Optional.of(blob));
            sidecars.write(blob, change.apply(sidecars.read(blob)));
            return blob;
        } finally {
            lock.unlock();
        }
    }

    Optional<Blob> delete(BlobAddress address, Consumer<Optional<Blob>> condition) throws IOException {
        ReentrantLock lock = lock(address);
        lock.lock();
        try {
            Optional<Blob> blob = find(address);
            condition.accept(blob);
            Files.deleteIfExists(file(address));
            sidecars.remove(address);
            return blob;
        } finally {
            lock.unlock();
        }
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

    private static Optional<Blob> look(BlobAddress address, Path file) {
        try {
            return Optional.of(blob(address, file, Files.readAttributes(file, BasicFileAttributes.class)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Blob blob(BlobAddress address, Path file, BasicFileAttributes attributes) {
        return new Blob(
                address, file, attributes.size(), attributes.lastModifiedTime().toInstant());
    }

    private ReentrantLock lock(BlobAddress address) {
        return locks.get(Math.floorMod(address.hashCode(), STRIPES));
    }

    private Path folder(String container) {
        if (!Containers.legal(container)) {
            throw BlobException.invalidResourceName("container");
        }
        return blobs.resolve(container);
    }

    private Path file(BlobAddress address) {
        return folder(address.container()).resolve(BlobPaths.encode(address.name()));
    }
}
