package dev.malachite.server.blob;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.blob.BlobProperties.Fact;
import dev.malachite.server.disk.DiskSpace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
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

    /** Real time, as of every file. */
    private final InstantSource time = InstantSource.system();

    private final DataFolder data;
    private final Path blobs;
    private final Intake intake;
    private final Sidecars sidecars;
    private final CommittedBlocks lists;
    private final List<ReentrantLock> locks =
            IntStream.range(0, STRIPES).mapToObj(i -> new ReentrantLock()).toList();

    BlobStore(DataFolder data, DiskSpace disk, CommittedBlocks lists) {
        this.data = data;
        this.lists = lists;
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
        return keep(address, intake.take(content, -1, Optional.empty(), false), BlobProperties.NONE, before -> {});
    }

    /** Where the bytes of that blob are or will be, so that they can be appended to in place; its folders are made. */
    public Path fileToAppend(BlobAddress address) throws IOException {
        Path file = fileToBegin(address);
        Files.createDirectories(file.getParent());
        return file;
    }

    /** As {@link #fileToAppend}, but its folders are left to whoever has something to write. */
    public Path fileToBegin(BlobAddress address) throws IOException {
        sidecars.announce(address);
        return file(address);
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
        data.discard(lists.folder(container));
    }

    /** The names of all containers that are on disk, in order. */
    List<String> containers() throws IOException {
        try (Stream<Path> containers = Files.list(blobs)) {
            return containers
                    .map(path -> path.getFileName().toString())
                    .filter(Containers::legal)
                    .sorted()
                    .toList();
        }
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
            Optional<Blob> before = find(address);
            condition.accept(before);
            Optional<BlobProperties> known = before.map(sidecars::read);
            Path file = fileToAppend(address);
            Files.move(taken.file(), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            if (before.isPresent()) {
                touch(file);
            }
            Blob blob = find(address).orElseThrow(BlobException::blobNotFound);
            if (!properties.isEmpty()) {
                String created = known.flatMap(old -> old.fact(Fact.CREATED))
                        .orElse(before.map(Blob::modified)
                                .orElse(blob.modified())
                                .toString());
                sidecars.write(blob, properties.with(Fact.CREATED, created));
            } else {
                sidecars.write(blob, properties);
            }
            if (known.isPresent()) {
                lists.drop(address, known.get());
            }
            return blob;
        } finally {
            lock.unlock();
            taken.drop();
        }
    }

    /**
     * Changes what is known of a blob.
     *
     * @param anew whether it counts as modified by that
     */
    Blob change(BlobAddress address, boolean anew, UnaryOperator<BlobProperties> change, Consumer<Blob> condition)
            throws IOException {
        ReentrantLock lock = lock(address);
        lock.lock();
        try {
            Blob blob = find(address).orElseThrow(BlobException::blobNotFound);
            condition.accept(blob);
            BlobProperties known = sidecars.read(blob);
            BlobProperties changed = change.apply(known);
            if (changed.fact(Fact.CREATED).isEmpty()) {
                changed = changed.with(Fact.CREATED, blob.modified().toString());
            }
            if (anew) {
                touch(blob.content());
                blob = find(address).orElseThrow(BlobException::blobNotFound);
            }
            sidecars.write(blob, changed);
            return blob;
        } finally {
            lock.unlock();
        }
    }

    /** Adds what was taken to the end of a blob; one that was cut off is as if it had not begun. */
    Blob append(
            BlobAddress address,
            Intake.Taken taken,
            UnaryOperator<BlobProperties> change,
            BiConsumer<Blob, BlobProperties> condition)
            throws IOException {
        ReentrantLock lock = lock(address);
        lock.lock();
        try (FileChannel in = FileChannel.open(taken.file(), StandardOpenOption.READ)) {
            Blob before = find(address).orElseThrow(BlobException::blobNotFound);
            BlobProperties known = sidecars.read(before);
            condition.accept(before, known);
            try (FileChannel out = FileChannel.open(before.content(), StandardOpenOption.WRITE)) {
                out.position(before.size());
                try {
                    Intake.append(in, new Intake.Part(taken.file(), 0, taken.size()), out);
                } catch (IOException e) {
                    out.truncate(before.size());
                    throw e;
                }
            }
            touch(before.content());
            Blob blob = find(address).orElseThrow(BlobException::blobNotFound);
            sidecars.write(blob, change.apply(known));
            return blob;
        } finally {
            lock.unlock();
            taken.drop();
        }
    }

    /** Writes what was taken over a stretch of a blob, in place: files of shares are written so. */
    Blob overwrite(BlobAddress address, long first, Intake.Taken taken) throws IOException {
        try (FileChannel in = FileChannel.open(taken.file(), StandardOpenOption.READ)) {
            return inPlace(address, out -> {
                out.position(first);
                Intake.append(in, new Intake.Part(taken.file(), 0, taken.size()), out);
            });
        } finally {
            taken.drop();
        }
    }

    /** Cuts a blob, or lengthens it by zeros. */
    Blob resize(BlobAddress address, long size) throws IOException {
        return inPlace(address, out -> {
            if (size < out.size()) {
                out.truncate(size);
            } else if (size > out.size()) {
                out.write(ByteBuffer.allocate(1), size - 1);
            }
        });
    }

    private interface InPlace {
        void change(FileChannel content) throws IOException;
    }

    private Blob inPlace(BlobAddress address, InPlace change) throws IOException {
        ReentrantLock lock = lock(address);
        lock.lock();
        try {
            Blob before = find(address).orElseThrow(BlobException::blobNotFound);
            BlobProperties known = sidecars.read(before);
            try (FileChannel content = FileChannel.open(before.content(), StandardOpenOption.WRITE)) {
                change.change(content);
            }
            touch(before.content());
            Blob blob = find(address).orElseThrow(BlobException::blobNotFound);
            sidecars.write(blob, known);
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
            if (blob.isPresent()) {
                lists.drop(address, sidecars.read(blob.get()));
            }
            Files.deleteIfExists(file(address));
            sidecars.remove(address);
            return blob;
        } finally {
            lock.unlock();
        }
    }

    /** The file system's own stamp moves in steps of some milliseconds, in which a blob could change twice. */
    private void touch(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(time.instant()));
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
