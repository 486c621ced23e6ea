package dev.malachite.server.blob;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.Settings;
import dev.malachite.server.blob.BlobProperties.Fact;
import dev.malachite.server.disk.DiskSpace;
import dev.malachite.server.tls.Certificates;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;

/**
 * The blobs of the account. A blob is a file below {@code blobs/<container>}, so that a runtime can append to a log
 * while clients read it; everything else about it is in its sidecar. Whole blobs are written beside and renamed.
 */
@Component
public class BlobStore {

    /** Writers of one blob take turns, those of different blobs mostly do not. */
    private static final int STRIPES = 64;

    private final DataFolder data;
    private final BlobFiles files;
    private final Intake intake;
    private final Sidecars sidecars;
    private final CommittedBlocks lists;
    private final StagedBlocks staged;
    private final Optional<Mirror> mirror;
    private final List<ReentrantLock> locks =
            IntStream.range(0, STRIPES).mapToObj(i -> new ReentrantLock()).toList();

    BlobStore(
            DataFolder data,
            DiskSpace disk,
            CommittedBlocks lists,
            StagedBlocks staged,
            Settings settings,
            Certificates certificates) {
        this.staged = staged;
        this.data = data;
        this.lists = lists;
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
        this.files = new BlobFiles(data.folder("blobs"), sidecars);
        this.mirror = AzuriteAccount.of(settings.azurite(), certificates)
                .map(account -> new Mirror(account, files, sidecars, intake, lists, FileShares.known(data)));
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
        mirror(address.container()).ifPresent(there -> there.grows(address));
        return files.file(address);
    }

    public Optional<Blob> find(BlobAddress address) {
        if (mirror(address.container()).isPresent()) {
            refresh(address);
        }
        return files.find(address);
    }

    /** Files a log away under another name; a new one may begin in its place. */
    public void setAside(BlobAddress log, BlobAddress as) throws IOException {
        Path aside = fileToAppend(as);
        ReentrantLock lock = lock(log);
        lock.lock();
        try {
            Files.move(files.file(log), aside, StandardCopyOption.ATOMIC_MOVE);
            sidecars.remove(log);
        } finally {
            lock.unlock();
        }
    }

    public Optional<Blob> delete(BlobAddress address) throws IOException {
        return delete(address, before -> {});
    }

    /** Deletes a blob whose name will not come again, and the folders that were its alone. */
    public void discard(BlobAddress address) throws IOException {
        delete(address);
        Path root = files.folder(address.container());
        try {
            for (Path empty = files.file(address).getParent();
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
        settle(container, prefix);
        return files.list(container, prefix);
    }

    /** Whether there is such a container; those of workspaces are there from the start. */
    public boolean hasContainer(String container) {
        return Containers.legal(container)
                && (Containers.alwaysThere(container)
                        || Files.isDirectory(files.folder(container))
                        || mirror(container)
                                .filter(there -> there.hasContainer(container))
                                .isPresent());
    }

    /** Makes a container; false when it was there. */
    public boolean createContainer(String container) throws IOException {
        boolean fresh = !hasContainer(container);
        mirror(container).ifPresent(there -> there.createContainer(container));
        Files.createDirectories(files.folder(container));
        return fresh;
    }

    /** Removes a container and all its blobs; none there is no error. */
    public void removeContainer(String container) throws IOException {
        mirror(container).ifPresent(there -> there.removeContainer(container));
        data.discard(files.folder(container));
        data.discard(sidecars.folder(container));
        data.discard(lists.folder(container));
        data.discard(staged.folder(container));
    }

    /** The names of all containers that have been written to, in order. */
    List<String> containers() throws IOException {
        Set<String> names = new TreeSet<>(files.containers());
        mirror.ifPresent(there -> names.addAll(there.containers()));
        return List.copyOf(names);
    }

    /** The workspaces whose containers have been written to here. */
    public Set<WorkspaceId> owners() throws IOException {
        return files.containers().stream()
                .flatMap(name -> Containers.owner(name).stream())
                .collect(Collectors.toSet());
    }

    /** Has these blobs where clients look for them: nobody appends to them in place any more. */
    public void settle(String container, String prefix) {
        mirror(container).ifPresent(there -> there.differing(container, prefix).forEach(this::refresh));
    }

    /** Ends the start when there is to be a mirror and none answers. */
    void connect() {
        mirror.ifPresent(Mirror::connect);
    }

    boolean isMirrored() {
        return mirror.isPresent();
    }

    /** Brings to the mirror all that it has not. */
    void bringAll() throws IOException {
        for (String container : files.containers()) {
            list(container, "");
        }
    }

    /** Brings to the mirror what was appended to logs since. */
    void bringLogs() {
        mirror.ifPresent(there -> there.behind().forEach(this::refresh));
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
            Optional<Mirror> there = mirror(address.container());
            BlobProperties noted = there.isPresent()
                    ? there.get().put(address, taken, properties, known)
                    : properties.without(Fact.MIRRORED);
            Blob blob = files.install(address, taken);
            if (!noted.isEmpty()) {
                String created = known.flatMap(old -> old.fact(Fact.CREATED))
                        .orElse(before.map(Blob::modified)
                                .orElse(blob.modified())
                                .toString());
                sidecars.write(blob, noted.with(Fact.CREATED, created));
            } else {
                sidecars.write(blob, noted);
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
                Optional<Mirror> there = mirror(address.container());
                changed = there.isPresent() ? there.get().describe(address, changed) : changed.without(Fact.MIRRORED);
                files.touch(blob.content());
                blob = files.find(address).orElseThrow(BlobException::blobNotFound);
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
            Optional<Mirror> there = mirror(address.container());
            BlobProperties changed = change.apply(known);
            changed = there.isPresent() ? there.get().append(before, taken, changed) : changed.without(Fact.MIRRORED);
            try (FileChannel out = FileChannel.open(before.content(), StandardOpenOption.WRITE)) {
                out.position(before.size());
                try {
                    Intake.append(in, new Intake.Part(taken.file(), 0, taken.size()), out);
                } catch (IOException e) {
                    out.truncate(before.size());
                    throw e;
                }
            }
            files.touch(before.content());
            Blob blob = files.find(address).orElseThrow(BlobException::blobNotFound);
            sidecars.write(blob, changed);
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
            files.touch(before.content());
            Blob blob = files.find(address).orElseThrow(BlobException::blobNotFound);
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
            mirror(address.container()).ifPresent(there -> there.delete(address));
            if (blob.isPresent()) {
                lists.drop(address, sidecars.read(blob.get()));
            }
            Files.deleteIfExists(files.file(address));
            sidecars.remove(address);
            return blob;
        } finally {
            lock.unlock();
        }
    }

    private Optional<Mirror> mirror(String container) {
        return mirror.filter(there -> there.covers(container));
    }

    private void refresh(BlobAddress address) {
        ReentrantLock lock = lock(address);
        lock.lock();
        try {
            mirror.orElseThrow().refresh(address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    private ReentrantLock lock(BlobAddress address) {
        return locks.get(Math.floorMod(address.hashCode(), STRIPES));
    }
}
