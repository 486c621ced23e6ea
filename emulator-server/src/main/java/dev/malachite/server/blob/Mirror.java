package dev.malachite.server.blob;

import dev.malachite.server.blob.AzuriteAccount.Expected;
import dev.malachite.server.blob.AzuriteAccount.Held;
import dev.malachite.server.blob.AzuriteAccount.Opened;
import dev.malachite.server.blob.BlobProperties.Fact;
import dev.malachite.server.start.UserError;
import dev.malachite.server.web.AzureException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the blobs here and those in an Azurite the same ({@code docs/decisions/0010}). What is written here is there before it
 * is told; what was written there is seen when somebody looks here. A blob's sidecar notes which ETag there it corresponds to.
 * Who calls holds the lock of the blob that it is about.
 */
final class Mirror {

    /** Tells this Azurite's content from that of an emptied one, and from what another emulator has there. */
    private static final String MARKER = "malachite-mirror";

    private static final String MARK = "id";

    private static final Duration SILENCE = Duration.ofHours(1);

    private final AzuriteAccount account;
    private final BlobFiles files;
    private final Sidecars sidecars;
    private final Intake intake;
    private final CommittedBlocks lists;
    private final JsonFolder shares;

    /** Logs that runtimes append to in place: nothing from there may replace their files. */
    private final Map<BlobAddress, Instant> growing = new ConcurrentHashMap<>();

    /** Real time, as of every file. */
    private final InstantSource time = InstantSource.system();

    private volatile @Nullable String mark;

    Mirror(
            AzuriteAccount account,
            BlobFiles files,
            Sidecars sidecars,
            Intake intake,
            CommittedBlocks lists,
            JsonFolder shares) {
        this.account = account;
        this.files = files;
        this.sidecars = sidecars;
        this.intake = intake;
        this.lists = lists;
        this.shares = shares;
    }

    /** @throws UserError when no Azurite answers */
    void connect() {
        try {
            mark();
        } catch (AzureException e) {
            throw new UserError("%s %s".formatted(e.error().message(), account.help()));
        }
    }

    /** Files of shares stay here alone: Azurite has none. */
    boolean covers(String container) {
        return !shares.has(container);
    }

    /** From now on a runtime may append to that file. */
    void grows(BlobAddress address) {
        growing.put(address, time.instant());
    }

    /** Logs that have grown since they were last brought there. Of those that are silent for long nothing is expected. */
    List<BlobAddress> behind() {
        Instant silent = time.instant().minus(SILENCE);
        growing.values().removeIf(silent::isAfter);
        List<BlobAddress> behind =
                growing.keySet().stream().filter(this::isBehind).toList();
        behind.forEach(this::grows);
        return behind;
    }

    /** Has the blob here as it is there, or there as it is here where only here has changed. */
    void refresh(BlobAddress address) throws IOException {
        Optional<Blob> here = files.find(address);
        Optional<Held> there = account.find(address);
        boolean grows = growing.containsKey(address);
        if (here.isEmpty()) {
            if (there.isPresent() && !grows) {
                fetch(address);
            }
            return;
        }
        Blob blob = here.get();
        Optional<String> noted = noted(blob);
        if (there.isEmpty()) {
            if (noted.isPresent() && !grows && !isAnother()) {
                remove(blob);
            } else {
                send(blob, grows);
            }
        } else if (noted.equals(there.map(Held::etag))) {
            if (sidecars.hasGrown(blob)) {
                add(blob, there.get());
            }
        } else if (noted.isEmpty() || grows || isOurLog(blob, there.get())) {
            add(blob, there.get());
        } else {
            fetch(address);
        }
    }

    /** Which blobs differ, of those whose names begin with {@code prefix}. */
    Set<BlobAddress> differing(String container, String prefix) {
        Map<String, String> there = account.list(container, prefix);
        Set<String> names = new TreeSet<>(there.keySet());
        for (Blob blob : files.list(container, prefix)) {
            String name = blob.address().name();
            Optional<String> etag = Optional.ofNullable(there.get(name));
            if (etag.isPresent() && etag.equals(noted(blob)) && !sidecars.hasGrown(blob)) {
                names.remove(name);
            } else {
                names.add(name);
            }
        }
        return names.stream().map(name -> new BlobAddress(container, name)).collect(Collectors.toSet());
    }

    private boolean isBehind(BlobAddress address) {
        return files.find(address)
                .filter(blob -> noted(blob).isEmpty() || sidecars.hasGrown(blob))
                .isPresent();
    }

    /**
     * Writes a whole blob there, unless what is there has changed meanwhile.
     *
     * @param before what was known of the blob that is replaced
     * @return what is known of it, with the note of what it corresponds to
     */
    BlobProperties put(
            BlobAddress address, Intake.Taken taken, BlobProperties properties, Optional<BlobProperties> before)
            throws IOException {
        Optional<Expected> expected = before.isEmpty()
                ? Optional.of(Expected.NOTHING)
                : before.flatMap(this::noted).map(Expected::etag);
        return noted(properties, account.put(address, taken.file(), taken.size(), properties, expected));
    }

    /** Says there what is said here of a blob. */
    BlobProperties describe(BlobAddress address, BlobProperties properties) {
        return noted(properties, account.describe(address, properties));
    }

    /** Adds there what is about to be added here. */
    BlobProperties append(Blob before, Intake.Taken taken, BlobProperties properties) throws IOException {
        return noted(
                properties,
                account.append(
                        before.address(),
                        taken.file(),
                        0,
                        taken.size(),
                        before.size(),
                        noted(properties).orElse("")));
    }

    void delete(BlobAddress address) {
        growing.remove(address);
        account.delete(address);
    }

    /** Whether there is such a container there. */
    boolean hasContainer(String container) {
        return !container.equals(MARKER) && account.container(container).isPresent();
    }

    void createContainer(String container) {
        account.createContainer(container, Map.of());
    }

    void removeContainer(String container) {
        growing.keySet().removeIf(address -> address.container().equals(container));
        account.deleteContainer(container);
    }

    /** The containers that are there. */
    Set<String> containers() {
        Set<String> names = new TreeSet<>(account.containers());
        names.removeIf(name -> name.equals(MARKER) || !Containers.legal(name));
        return names;
    }

    /** Only the end of a log is missing there, as a rule. */
    private void add(Blob blob, Held there) throws IOException {
        BlobProperties known = sidecars.read(blob);
        if (!there.properties().isAppendBlob()
                || there.size() > blob.size()
                || (noted(known).isEmpty() && !isOurLog(blob, there))) {
            send(blob, growing.containsKey(blob.address()));
            return;
        }
        try {
            String etag = account.append(
                    blob.address(), blob.content(), there.size(), blob.size(), there.size(), there.etag());
            sidecars.write(blob, noted(known, etag));
        } catch (AzureException e) {
            // Too many blocks, or not the beginning of ours after all.
            send(blob, true);
        }
    }

    private void send(Blob blob, boolean log) throws IOException {
        BlobProperties known = sidecars.read(blob);
        BlobProperties sent = log && !known.isAppendBlob() ? known.with(Fact.TYPE, BlobWrites.APPEND) : known;
        String etag = account.put(blob.address(), blob.content(), blob.size(), sent, Optional.empty());
        sidecars.write(blob, noted(known, etag));
    }

    private void fetch(BlobAddress address) throws IOException {
        Optional<Opened> opened = account.open(address);
        if (opened.isEmpty()) {
            return;
        }
        Held held = opened.get().held();
        try (InputStream content = opened.get().content()) {
            Intake.Taken taken = intake.take(content, held.size(), Optional.empty(), false);
            try {
                Optional<Blob> before = files.find(address);
                if (before.isPresent()) {
                    lists.drop(address, sidecars.read(before.get()));
                }
                sidecars.write(files.install(address, taken), noted(held.properties(), held.etag()));
            } finally {
                taken.drop();
            }
        }
    }

    private void remove(Blob blob) throws IOException {
        lists.drop(blob.address(), sidecars.read(blob));
        Files.deleteIfExists(blob.content());
        sidecars.remove(blob.address());
    }

    /** A log that grew before the emulator ended last: there it is an append blob, of which we have the beginning too. */
    private boolean isOurLog(Blob blob, Held there) {
        return there.properties().isAppendBlob()
                && there.size() <= blob.size()
                && !sidecars.read(blob).isAppendBlob();
    }

    private Optional<String> noted(Blob blob) {
        return noted(sidecars.read(blob));
    }

    private Optional<String> noted(BlobProperties properties) {
        return properties
                .fact(Fact.MIRRORED)
                .filter(note -> note.startsWith(mark() + " "))
                .map(note -> note.substring(note.indexOf(' ') + 1));
    }

    private BlobProperties noted(BlobProperties properties, String etag) {
        return properties.with(Fact.MIRRORED, mark() + " " + etag);
    }

    /** Whether it has been emptied since: then nothing was deleted there, and all of ours goes there again. */
    private boolean isAnother() {
        String before = mark();
        mark = null;
        return !before.equals(mark());
    }

    private String mark() {
        String known = mark;
        if (known == null) {
            known = madeMark();
            mark = known;
        }
        return known;
    }

    private String madeMark() {
        Optional<String> there = keptMark();
        if (there.isPresent()) {
            return there.get();
        }
        account.createContainer(MARKER, Map.of(MARK, UUID.randomUUID().toString()));
        return keptMark()
                .orElseThrow(() -> new UserError(
                        "a container '%s' without our mark is in the Azurite; remove it".formatted(MARKER)));
    }

    /** Metadata's names come back in whichever case. */
    private Optional<String> keptMark() {
        return account.container(MARKER).stream()
                .flatMap(metadata -> metadata.entrySet().stream())
                .filter(entry -> entry.getKey().equalsIgnoreCase(MARK))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
