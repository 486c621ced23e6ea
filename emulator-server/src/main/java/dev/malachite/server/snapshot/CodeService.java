package dev.malachite.server.snapshot;

import dev.malachite.api.Errors;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.blob.Blob;
import dev.malachite.server.blob.BlobStore;
import dev.malachite.server.blob.BlobUrls;
import dev.malachite.server.blob.Containers;
import dev.malachite.server.database.Transactions;
import dev.malachite.server.snapshot.SnapshotStore.Entry;
import dev.malachite.server.web.Author;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.data.domain.PageRequest;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Keeps the v2 SDK's code versions: a document, and the uploaded folder that it names as a snapshot. */
@Service
class CodeService {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,254}");

    /** A path in a datastore, in its long and its short form. */
    private static final Pattern DATASTORE = Pattern.compile(
            "azureml://(?:subscriptions/.*/)?datastores/([^/]+)(?:/paths)?/(.+)", Pattern.CASE_INSENSITIVE);

    private static final int MAX_HASH = 128;

    private final CodeVersionRepository versions;
    private final CodeContainerRepository containers;
    private final CodeAssets assets;
    private final SnapshotStore snapshots;
    private final BlobStore blobs;
    private final Transactions transactions;
    private final Clock clock;

    CodeService(
            CodeVersionRepository versions,
            CodeContainerRepository containers,
            CodeAssets assets,
            SnapshotStore snapshots,
            BlobStore blobs,
            Transactions transactions,
            Clock clock) {
        this.versions = versions;
        this.containers = containers;
        this.assets = assets;
        this.snapshots = snapshots;
        this.blobs = blobs;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** A container for one upload: later uploads of others cannot touch what this one's version names. */
    String uploadContainer(WorkspaceId workspace) throws IOException {
        String container = Containers.newCode();
        blobs.createContainer(container);
        containers.save(new CodeContainerEntity(container, workspace.value(), clock.instant()));
        return container;
    }

    Optional<CodeVersion> find(WorkspaceId workspace, String name, String version) {
        return versions.findById(CodeVersionEntity.id(workspace, name, version)).map(CodeVersionEntity::code);
    }

    /** Versions of any name whose folder has that hash: the client asks under a new name each time. */
    List<CodeVersion> findByHash(WorkspaceId workspace, String hash, Optional<String> hashVersion) {
        return transactions.read(() ->
                versions
                        .findByWorkspaceIdAndHashOrderByCreatedOnDesc(workspace.value(), hash, PageRequest.of(0, 10))
                        .stream()
                        .map(CodeVersionEntity::code)
                        .filter(code ->
                                hashVersion.isEmpty() || hashVersion.get().equals(code.hashVersion()))
                        .toList());
    }

    /** A page of the versions of one name, newest first. */
    List<CodeVersion> list(WorkspaceId workspace, String name, int page, int size) {
        return transactions.read(() -> versions
                .findByWorkspaceIdAndNameKeyOrderByCreatedOnDescVersionDesc(
                        workspace.value(), name.toLowerCase(Locale.ROOT), PageRequest.of(page, size))
                .stream()
                .map(CodeVersionEntity::code)
                .toList());
    }

    /**
     * Keeps a version, whose files never change afterwards; what describes it may.
     *
     * @param document the resource as received
     */
    CodeVersion put(WorkspaceId workspace, String name, String version, ObjectNode document) throws IOException {
        requireName("name", name);
        requireName("version", version);
        JsonNode properties = Json.member(document, "properties");
        BlobUrls.Target folder =
                folder(workspace, Json.string(properties, "codeUri").orElse(""));
        ObjectNode kept = document.deepCopy();
        ObjectNode own = Json.objectAt(kept, "properties");
        own.remove(
                own.propertyNames().stream().filter("codeUri"::equalsIgnoreCase).toList());
        own.put("codeUri", BlobUrls.canonical(folder.container(), folder.path()));
        Instant now = clock.instant();
        ObjectNode described = Json.objectAt(properties, "properties");
        CodeVersion code = new CodeVersion(
                name,
                version,
                text(described, "hash_sha256"),
                text(described, "hash_version"),
                kept,
                now,
                now,
                Author.current());
        Optional<CodeVersion> before = find(workspace, name, version);
        if (before.isPresent()) {
            CodeVersion known = before.get();
            if (!known.hash().equals(code.hash()) || !uri(known).equals(uri(code))) {
                throw new AzureException(
                        Errors.conflict("Code version '%s:%s' already exists, and its content cannot be changed."
                                .formatted(name, version)));
            }
            return described(workspace, code);
        }
        String key = CodeKeys.key(name, version);
        List<Entry> entries = entries(folder);
        // One that a crash left without its row was never acknowledged.
        snapshots.remove(workspace, key);
        snapshots.keep(workspace, key, CodeKeys.sha256(uri(code)), entries);
        return assets.add(workspace, code);
    }

    private CodeVersion described(WorkspaceId workspace, CodeVersion code) {
        return transactions.write(() -> {
            CodeVersionEntity row = versions.findById(CodeVersionEntity.id(workspace, code.name(), code.version()))
                    .orElseThrow(() -> new AzureException(
                            Errors.notFound("Code version '%s:%s'".formatted(code.name(), code.version()))));
            row.change(code);
            return row.code();
        });
    }

    private List<Entry> entries(BlobUrls.Target folder) {
        String prefix = folder.path().isEmpty() || folder.path().endsWith("/") ? folder.path() : folder.path() + "/";
        List<Blob> found = new ArrayList<>(blobs.list(folder.container(), prefix));
        int cut = prefix.length();
        if (found.isEmpty()) {
            // A single file is uploaded under its own name.
            blobs.list(folder.container(), folder.path()).stream()
                    .filter(blob -> blob.address().name().equals(folder.path()))
                    .forEach(found::add);
            cut = folder.path().lastIndexOf('/') + 1;
        }
        if (found.isEmpty()) {
            throw new AzureException(Errors.userError("Nothing was uploaded to the codeUri."));
        }
        SnapshotPaths.requireCount(found.size());
        SnapshotPaths.requireSize(found.stream().mapToLong(Blob::size).sum());
        List<Entry> entries = new ArrayList<>();
        for (Blob blob : found) {
            String path = SnapshotPaths.require(blob.address().name().substring(cut));
            entries.add(new Entry(path, "", blob.content(), blob.size()));
        }
        requireTree(entries);
        return entries;
    }

    /** A blob may be named like a folder of others; a file cannot. */
    private static void requireTree(List<Entry> entries) {
        List<String> paths = entries.stream().map(Entry::path).toList();
        for (String path : paths) {
            for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
                if (Collections.binarySearch(paths, path.substring(0, slash)) >= 0) {
                    throw new AzureException(Errors.userError(
                            "'%s' is a file and a folder at once.".formatted(path.substring(0, slash))));
                }
            }
        }
    }

    private BlobUrls.Target folder(WorkspaceId workspace, String codeUri) {
        Matcher datastore = DATASTORE.matcher(codeUri);
        Optional<BlobUrls.Target> target = datastore.matches()
                ? container(workspace, datastore.group(1))
                        .map(container -> new BlobUrls.Target(container, datastore.group(2)))
                : BlobUrls.parse(codeUri);
        return target.filter(found -> belongs(workspace, found.container()))
                .orElseThrow(() -> new AzureException(
                        Errors.invalidParameter("codeUri", "it is not a folder in this workspace's storage.")));
    }

    private static Optional<String> container(WorkspaceId workspace, String datastore) {
        return switch (datastore.toLowerCase(Locale.ROOT)) {
            case "workspaceblobstore" -> Optional.of(Containers.datastore(workspace));
            case "workspaceartifactstore" -> Optional.of(Containers.artifacts(workspace));
            default -> Optional.empty();
        };
    }

    private boolean belongs(WorkspaceId workspace, String container) {
        return container.equals(Containers.datastore(workspace))
                || container.equals(Containers.artifacts(workspace))
                || containers.existsByNameAndWorkspaceId(container, workspace.value());
    }

    private static String uri(CodeVersion code) {
        return Json.string(Json.member(code.document(), "properties"), "codeUri")
                .orElse("");
    }

    /** A member that some clients send as a string and others as a number. */
    private static String text(ObjectNode node, String name) {
        JsonNode value = Json.member(node, name);
        String text = value.isString() ? value.stringValue() : value.isNumber() ? value.asString() : "";
        if (text.length() > MAX_HASH) {
            throw new AzureException(Errors.invalidParameter(name, "it is too long."));
        }
        return text;
    }

    static void requireName(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new AzureException(Errors.invalidParameter(
                    what, "it begins with a letter or digit and has up to 255 of letters, digits, '.', '_' and '-'."));
        }
    }
}
