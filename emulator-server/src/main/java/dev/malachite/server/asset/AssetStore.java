package dev.malachite.server.asset;

import dev.malachite.api.Errors;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.database.Filter;
import dev.malachite.server.database.Ordering;
import dev.malachite.server.database.Page;
import dev.malachite.server.database.Queries;
import dev.malachite.server.database.Schema;
import dev.malachite.server.database.Slice;
import dev.malachite.server.database.Transactions;
import dev.malachite.server.web.Author;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Service;
import tools.jackson.databind.node.ObjectNode;

/** Keeps data, models and components: one store, whichever SDK registers them. */
@Service
public class AssetStore {

    /** What azureml-core and azure-ai-ml call a version that was given no name and cannot be counted. */
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd-HH-mm-ss-SSSSSSS", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final Schema CONTAINERS = new Schema(
            Map.of(
                    "workspaceid", new Schema.Column("key.workspaceId", Schema.Type.TEXT),
                    "kind", new Schema.Column("key.kind", Schema.Type.TEXT),
                    "name", new Schema.Column("key.name", Schema.Type.TEXT),
                    "archived", new Schema.Column("archived", Schema.Type.FLAG),
                    "anonymous", new Schema.Column("anonymous", Schema.Type.FLAG)),
            Map.of());

    private static final Schema VERSIONS = new Schema(
            Map.ofEntries(
                    Map.entry("workspaceid", new Schema.Column("key.workspaceId", Schema.Type.TEXT)),
                    Map.entry("kind", new Schema.Column("key.kind", Schema.Type.TEXT)),
                    Map.entry("name", new Schema.Column("key.name", Schema.Type.TEXT)),
                    Map.entry("version", new Schema.Column("key.version", Schema.Type.TEXT)),
                    Map.entry("description", new Schema.Column("description", Schema.Type.TEXT)),
                    Map.entry("runid", new Schema.Column("runId", Schema.Type.TEXT)),
                    Map.entry("archived", new Schema.Column("archived", Schema.Type.FLAG)),
                    Map.entry("createdtime", new Schema.Column("created", Schema.Type.TIME)),
                    Map.entry("createdat", new Schema.Column("created", Schema.Type.TIME)),
                    Map.entry("modifiedtime", new Schema.Column("modified", Schema.Type.TIME)),
                    Map.entry("updatetime", new Schema.Column("modified", Schema.Type.TIME)),
                    Map.entry("sequence", new Schema.Column("sequence", Schema.Type.NUMBER))),
            Map.of("tags", "tags", "properties", "properties"));

    private final AssetRows containers;
    private final AssetVersionRows versions;
    private final AssetDrafts drafts;
    private final Queries queries;
    private final Transactions transactions;
    private final Clock clock;

    AssetStore(
            AssetRows containers,
            AssetVersionRows versions,
            AssetDrafts drafts,
            Queries queries,
            Transactions transactions,
            Clock clock) {
        this.containers = containers;
        this.versions = versions;
        this.drafts = drafts;
        this.queries = queries;
        this.transactions = transactions;
        this.clock = clock;
    }

    public Optional<AssetVersion> find(WorkspaceId workspace, AssetKind kind, String name, String version) {
        return transactions.read(() -> versions.findById(AssetVersionKey.of(workspace, kind, name, version))
                .map(AssetVersionRow::view));
    }

    /** The newest version by creation; an archived one only where all are. */
    public Optional<AssetVersion> latest(WorkspaceId workspace, AssetKind kind, String name) {
        return transactions.read(() -> newest(workspace, kind, name));
    }

    /**
     * A version, and whether it is new.
     *
     * @param created false where it was there and only what describes it may have changed
     */
    public record Put(AssetVersion version, boolean created) {}

    /**
     * Keeps a version.
     *
     * @param version empty for the next one
     * @param properties of the v2 resource
     * @param by who asks for it
     */
    public Put put(
            Workspace workspace,
            AssetKind kind,
            String name,
            Optional<String> version,
            ObjectNode properties,
            String by) {
        return put(workspace, kind, name, version, drafts.read(workspace, kind, properties), by);
    }

    /** A model as the v1 model management registers it. */
    public AssetVersion register(
            Workspace workspace, String name, ObjectNode properties, ObjectNode legacy, String by) {
        AssetDraft draft = drafts.read(workspace, AssetKind.MODEL, properties).withLegacy(legacy);
        return put(workspace, AssetKind.MODEL, name, Optional.empty(), AssetRules.checked(draft), by)
                .version();
    }

    /** Changes what describes a model, in the v1 model management's words. */
    public Optional<AssetVersion> describe(
            WorkspaceId workspace, String name, String version, ModelDescription description, String by) {
        return transactions.write(() -> versions.findById(AssetVersionKey.of(workspace, AssetKind.MODEL, name, version))
                .map(row -> {
                    AssetVersion now = row.view();
                    row.describe(
                            AssetRules.checked(new AssetDraft(
                                    now.document(),
                                    "",
                                    description.text(),
                                    description.tags(),
                                    description.properties(),
                                    now.runId(),
                                    Optional.of(description.legacy()),
                                    now.archived(),
                                    now.anonymous())),
                            clock.instant(),
                            by);
                    return row.view();
                }));
    }

    private Put put(
            Workspace workspace, AssetKind kind, String name, Optional<String> version, AssetDraft draft, String by) {
        AssetRules.checkName("name", name);
        version.ifPresent(given -> AssetRules.checkName("version", given));
        return transactions.write(() -> {
            AssetRow container = container(workspace.id(), kind, name, by);
            String wanted = version.orElseGet(() -> nextVersion(kind, container));
            Instant now = clock.instant();
            AssetVersionKey key = AssetVersionKey.of(workspace.id(), kind, name, wanted);
            Optional<AssetVersionRow> there = versions.findById(key);
            if (there.isPresent()) {
                if (!there.get().hasContent(draft.contentHash())) {
                    throw new AzureException(Errors.conflict(changed(kind, name, wanted)));
                }
                there.get().describe(draft, now, by);
                container.touch(now);
                return new Put(there.get().view(), false);
            }
            if (container.size() >= AssetRules.MAX_VERSIONS) {
                throw new AzureException(Errors.userError(
                        "'%s' has %d versions; that is the limit.".formatted(name, AssetRules.MAX_VERSIONS)));
            }
            long sequence = container.add(wanted, draft.anonymous(), now);
            return new Put(
                    versions.save(new AssetVersionRow(key, sequence, draft, now, by))
                            .view(),
                    true);
        });
    }

    public AssetContainer putContainer(Workspace workspace, AssetKind kind, String name, ObjectNode properties) {
        AssetRules.checkName("name", name);
        String text = AssetRules.containerText(properties);
        boolean archived = Json.member(properties, "isArchived").asBoolean(false);
        return transactions.write(() -> {
            AssetRow container = container(workspace.id(), kind, name, Author.current());
            container.replace(text, archived, clock.instant());
            return view(kind, container, newest(workspace.id(), kind, name));
        });
    }

    public Optional<AssetContainer> findContainer(WorkspaceId workspace, AssetKind kind, String name) {
        return transactions.read(() -> containers
                .findById(AssetKey.of(workspace, kind, name))
                .map(container -> view(kind, container, newest(workspace, kind, name))));
    }

    /**
     * AssetStore by name, without those that have anonymous versions only.
     *
     * @param archived empty for all
     */
    public Slice<AssetContainer> listContainers(
            WorkspaceId workspace, AssetKind kind, Optional<Boolean> archived, Page page) {
        Filter filter = Filter.all(
                of(workspace, kind),
                Filter.eq("anonymous", "false"),
                archived.map(flag -> Filter.eq("archived", flag.toString())).orElse(Filter.all()));
        return transactions.read(() -> {
            Slice<AssetRow> found =
                    queries.list(AssetRow.class, CONTAINERS, filter, List.of(new Ordering("name", false)), page);
            List<String> names = found.items().stream().map(AssetRow::name).toList();
            List<AssetVersionRow> latest =
                    names.isEmpty() ? List.of() : versions.findLatest(workspace.value(), kind.name(), names);
            return found.map(container -> view(
                    kind,
                    container,
                    latest.stream()
                            .filter(row -> row.name().equals(container.name()))
                            .map(AssetVersionRow::view)
                            .findFirst()));
        });
    }

    /**
     * Versions, the newest first unless told otherwise.
     *
     * @param filter over {@code name}, {@code version}, {@code archived}, {@code runid}, {@code tags/…} and {@code properties/…}
     */
    public Slice<AssetVersion> list(
            WorkspaceId workspace, AssetKind kind, Filter filter, List<Ordering> order, Page page) {
        List<Ordering> sorted = new ArrayList<>(order);
        sorted.add(new Ordering("sequence", order.isEmpty() || order.getFirst().descending()));
        return transactions
                .read(() -> queries.list(
                        AssetVersionRow.class, VERSIONS, Filter.all(of(workspace, kind), filter), sorted, page))
                .map(AssetVersionRow::view);
    }

    /** False when there is none. */
    public boolean delete(WorkspaceId workspace, AssetKind kind, String name, String version) {
        return transactions.write(() -> {
            Optional<AssetVersionRow> row = versions.findById(AssetVersionKey.of(workspace, kind, name, version));
            row.ifPresent(versions::delete);
            return row.isPresent();
        });
    }

    public boolean deleteContainer(WorkspaceId workspace, AssetKind kind, String name) {
        return transactions.write(() -> {
            Optional<AssetRow> row = containers.findLockedByKey(AssetKey.of(workspace, kind, name));
            row.ifPresent(found -> {
                versions.deleteByKeyWorkspaceIdAndKeyKindAndKeyName(workspace.value(), kind.name(), name);
                containers.delete(found);
            });
            return row.isPresent();
        });
    }

    private Optional<AssetVersion> newest(WorkspaceId workspace, AssetKind kind, String name) {
        return versions.findLatest(workspace.value(), kind.name(), List.of(name)).stream()
                .findFirst()
                .map(AssetVersionRow::view);
    }

    private AssetRow container(WorkspaceId workspace, AssetKind kind, String name, String by) {
        AssetKey key = AssetKey.of(workspace, kind, name);
        return containers.findLockedByKey(key).orElseGet(() -> {
            containers.saveAndFlush(new AssetRow(key, clock.instant(), by));
            return containers.findLockedByKey(key).orElseThrow();
        });
    }

    private AssetContainer view(AssetKind kind, AssetRow container, Optional<AssetVersion> latest) {
        return new AssetContainer(
                kind,
                container.name(),
                container.document(),
                container.isArchived(),
                latest,
                nextVersion(kind, container),
                container.created(),
                container.modified(),
                container.createdBy());
    }

    /** Models always count: azureml-core knows their versions as numbers. Components count no further than one: what comes after bears its time (azure-ai-ml's tests of components say so). */
    private String nextVersion(AssetKind kind, AssetRow container) {
        boolean counts = container.size() == 0
                || switch (kind) {
                    case MODEL -> true;
                    case DATA -> container.nextNumber() > 1;
                    case COMPONENT -> false;
                };
        return counts ? String.valueOf(container.nextNumber()) : STAMP.format(clock.instant());
    }

    private static Filter of(WorkspaceId workspace, AssetKind kind) {
        return Filter.all(Filter.eq("workspaceid", workspace.value()), Filter.eq("kind", kind.name()));
    }

    /** The service's words; users and their scripts look for them. */
    private static String changed(AssetKind kind, String name, String version) {
        return switch (kind) {
            case DATA, MODEL ->
                ("A %s with this name and version already exists. If you are trying to create a new %s, use a different"
                                + " name or version. If you are trying to update an existing %s, the existing asset's %s"
                                + " cannot be changed. Only tags, description, and isArchived can be updated.")
                        .formatted(
                                kind.noun(),
                                kind.noun(),
                                kind.noun(),
                                kind == AssetKind.DATA ? "data uri" : "model uri");
            case COMPONENT ->
                "Component '%s' has a version '%s' with other content, and a version's content cannot change. Choose another version."
                        .formatted(name, version);
        };
    }
}
