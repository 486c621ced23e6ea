package dev.malachite.server.snapshot;

import dev.malachite.api.Errors;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.blob.Blob;
import dev.malachite.server.blob.BlobAddress;
import dev.malachite.server.blob.BlobException;
import dev.malachite.server.blob.BlobStore;
import dev.malachite.server.blob.BlobUrls;
import dev.malachite.server.blob.Containers;
import dev.malachite.server.blob.DataFolder;
import dev.malachite.server.snapshot.SnapshotStore.Entry;
import dev.malachite.server.snapshot.SnapshotStore.Kept;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Takes the v1 SDK's snapshots, which name only what changed since their parent, and finds those of both SDKs. */
@Service
class SnapshotService implements Snapshots {

    private static final Pattern GUID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    /** An ARM id of a code version, or its short form. */
    private static final Pattern CODE = Pattern.compile(
            "(?:azureml:)?(?:/?subscriptions/.*/codes/([^/]+)/versions/([^/]+)|([^/:]+)[/:]([^/:]+))",
            Pattern.CASE_INSENSITIVE);

    /** What the SDK sends as parent when it has none. */
    private static final String NO_PARENT = "00000000-0000-0000-0000-000000000000";

    private final SnapshotStore store;
    private final BlobStore blobs;
    private final DataFolder data;

    SnapshotService(SnapshotStore store, BlobStore blobs, DataFolder data) {
        this.store = store;
        this.blobs = blobs;
        this.data = data;
    }

    @Override
    public Optional<List<SnapshotFile>> files(WorkspaceId workspace, String snapshotId) {
        if (GUID.matcher(snapshotId).matches()) {
            return store.find(workspace, key(snapshotId)).map(Kept::files);
        }
        Matcher code = CODE.matcher(snapshotId);
        if (!code.matches()) {
            return Optional.empty();
        }
        return store.find(
                        workspace,
                        code.group(1) != null
                                ? CodeKeys.key(code.group(1), code.group(2))
                                : CodeKeys.key(code.group(3), code.group(4)))
                .map(Kept::files);
    }

    /** Where the file of that name is to be uploaded before a snapshot names it. */
    BlobAddress uploadOf(WorkspaceId workspace, UUID upload, String name) {
        return new BlobAddress(Containers.snapshots(workspace), upload + "/" + SnapshotPaths.ofClient(name));
    }

    /** Keeps the snapshot that the body describes; sent again, it is the same one. */
    void keep(WorkspaceId workspace, String id, ObjectNode body) throws IOException {
        requireGuid(id);
        SortedMap<String, String> tree = SnapshotPaths.files(required(body, "DirTreeNode"));
        Map<String, BlobAddress> revisions = revisions(workspace, body);
        String parent = Json.string(body, "ParentSnapshotId").orElse(NO_PARENT);
        String digest = digest(parent, tree, revisions);
        if (alreadyKept(workspace, id, digest)) {
            return;
        }
        keep(workspace, id, digest, resolve(workspace, parent, tree, revisions));
        for (BlobAddress uploaded : revisions.values()) {
            blobs.discard(uploaded);
        }
    }

    /** Keeps what was put together already; the digest tells whether it is the same that was sent before. */
    void keep(WorkspaceId workspace, String id, String digest, List<Entry> entries) throws IOException {
        requireGuid(id);
        if (!store.keep(workspace, key(id), digest, entries)) {
            alreadyKept(workspace, id, digest);
        }
    }

    private static void requireGuid(String id) {
        if (!GUID.matcher(id).matches()) {
            throw new AzureException(Errors.userError("The snapshot id '%s' is not a GUID.".formatted(shortened(id))));
        }
    }

    /** The whole snapshot as one blob. */
    Optional<BlobAddress> zip(WorkspaceId workspace, String id) throws IOException {
        Optional<Kept> kept = GUID.matcher(id).matches() ? store.find(workspace, key(id)) : Optional.empty();
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        BlobAddress address =
                new BlobAddress(Containers.snapshots(workspace), "zips/" + id.toLowerCase(Locale.ROOT) + ".zip");
        if (blobs.find(address).isEmpty()) {
            Path zip = Files.createTempFile(data.scratch(), "snapshot-", ".zip");
            try {
                try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
                    for (Entry entry : kept.get().entries()) {
                        out.putNextEntry(new ZipEntry(entry.path()));
                        Files.copy(entry.content(), out);
                        out.closeEntry();
                    }
                }
                try (InputStream content = Files.newInputStream(zip)) {
                    blobs.put(address, content);
                }
            } finally {
                Files.deleteIfExists(zip);
            }
        }
        return Optional.of(address);
    }

    private boolean alreadyKept(WorkspaceId workspace, String id, String digest) {
        Optional<Kept> there = store.find(workspace, key(id));
        if (there.isPresent() && !there.get().digest().equals(digest)) {
            throw new AzureException(Errors.conflict("Snapshot '%s' already exists with other content.".formatted(id)));
        }
        return there.isPresent();
    }

    private List<Entry> resolve(
            WorkspaceId workspace, String parent, SortedMap<String, String> tree, Map<String, BlobAddress> revisions) {
        Map<String, Entry> inherited = inherited(workspace, parent);
        List<Entry> entries = new ArrayList<>();
        long total = 0;
        for (Map.Entry<String, String> file : tree.entrySet()) {
            BlobAddress revision = revisions.get(file.getKey());
            Entry entry = revision != null
                    ? uploaded(file.getKey(), file.getValue(), revision)
                    : same(file.getKey(), file.getValue(), inherited.get(file.getKey()));
            total += entry.size();
            SnapshotPaths.requireSize(total);
            entries.add(entry);
        }
        return entries;
    }

    Map<String, Entry> inherited(WorkspaceId workspace, String parent) {
        if (parent.equals(NO_PARENT) || parent.isEmpty()) {
            return Map.of();
        }
        // Below 500 the SDK forgets what it believes to be here and sends everything.
        return (GUID.matcher(parent).matches() ? store.find(workspace, key(parent)) : Optional.<Kept>empty())
                .orElseThrow(() -> new AzureException(
                        Errors.userError("The parent snapshot '%s' does not exist.".formatted(shortened(parent)))))
                .byPath();
    }

    private Entry uploaded(String path, String hash, BlobAddress address) {
        Blob blob = blobs.find(address)
                .orElseThrow(() -> new AzureException(
                        Errors.userError("The file '%s' was named but never uploaded.".formatted(path))));
        return new Entry(path, hash, blob.content(), blob.size());
    }

    private static Entry same(String path, String hash, @Nullable Entry inherited) {
        boolean other =
                inherited == null || !(hash.isEmpty() || inherited.hash().isEmpty() || hash.equals(inherited.hash()));
        if (inherited == null || other) {
            throw new AzureException(Errors.userError(
                    "The file '%s' is neither uploaded nor the same in the parent snapshot.".formatted(path)));
        }
        return inherited;
    }

    private static Map<String, BlobAddress> revisions(WorkspaceId workspace, ObjectNode body) {
        Map<String, BlobAddress> revisions = new HashMap<>();
        if (!(Json.member(required(body, "FileRevisionList"), "FileNodes") instanceof ArrayNode nodes)) {
            throw new AzureException(Errors.invalidParameter("FileRevisionList.FileNodes", "a list is expected."));
        }
        SnapshotPaths.requireCount(nodes.size());
        for (JsonNode node : nodes) {
            String name = SnapshotPaths.ofClient(Json.string(node, "FullName").orElse(""));
            BlobAddress blob = Json.string(node, "BlobUri")
                    .flatMap(BlobUrls::parse)
                    .filter(target -> target.container().equals(Containers.snapshots(workspace)))
                    .filter(target -> !target.path().isEmpty())
                    .flatMap(SnapshotService::address)
                    .orElseThrow(() -> new AzureException(Errors.userError(
                            "The BlobUri of '%s' is not an upload of this workspace.".formatted(name))));
            if (revisions.put(name, blob) != null) {
                throw new AzureException(Errors.userError("The file '%s' is named twice.".formatted(name)));
            }
        }
        return revisions;
    }

    private static Optional<BlobAddress> address(BlobUrls.Target target) {
        try {
            return Optional.of(new BlobAddress(target.container(), target.path()));
        } catch (BlobException e) {
            return Optional.empty(); // no blob can be called that
        }
    }

    private static ObjectNode required(ObjectNode body, String name) {
        if (Json.member(body, name) instanceof ObjectNode object) {
            return object;
        }
        throw new AzureException(Errors.invalidParameter(name, "an object is required."));
    }

    /** The same for the same content: by the client's hashes, or, where it gave none, by what the file was taken from. */
    private static String digest(String parent, SortedMap<String, String> tree, Map<String, BlobAddress> revisions) {
        StringBuilder text = new StringBuilder();
        tree.forEach((path, hash) -> {
            BlobAddress revision = revisions.get(path);
            String source = revision == null ? parent : revision.name();
            text.append(path)
                    .append('\t')
                    .append(hash.isEmpty() ? source : hash)
                    .append('\n');
        });
        return CodeKeys.sha256(text.toString());
    }

    private static String key(String id) {
        return "v1-" + id.toLowerCase(Locale.ROOT);
    }

    private static String shortened(String text) {
        return text.length() > 80 ? text.substring(0, 80) + "..." : text;
    }
}
