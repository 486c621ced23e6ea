package dev.malachite.server.environment;

import dev.malachite.api.Errors;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.database.Filter;
import dev.malachite.server.database.Ordering;
import dev.malachite.server.database.Page;
import dev.malachite.server.database.Queries;
import dev.malachite.server.database.Schema;
import dev.malachite.server.database.Slice;
import dev.malachite.server.database.Transactions;
import dev.malachite.server.environment.EnvironmentView.Dialect;
import dev.malachite.server.web.Author;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import tools.jackson.databind.node.ObjectNode;

/** Keeps environments: one store, so that what one SDK registers the other finds. */
@Service
public class Environments {

    private static final int MAX_VERSIONS = 10_000;

    private static final Schema CONTAINERS = new Schema(
            Map.of(
                    "workspaceid", new Schema.Column("key.workspaceId", Schema.Type.TEXT),
                    "name", new Schema.Column("key.name", Schema.Type.TEXT),
                    "archived", new Schema.Column("archived", Schema.Type.FLAG),
                    "modified", new Schema.Column("modified", Schema.Type.TIME)),
            Map.of());

    private static final Schema VERSIONS = new Schema(
            Map.of(
                    "workspaceid", new Schema.Column("key.workspaceId", Schema.Type.TEXT),
                    "name", new Schema.Column("key.name", Schema.Type.TEXT),
                    "version", new Schema.Column("key.version", Schema.Type.TEXT),
                    "archived", new Schema.Column("archived", Schema.Type.FLAG),
                    "createdtime", new Schema.Column("sequence", Schema.Type.NUMBER),
                    "modifiedtime", new Schema.Column("modified", Schema.Type.TIME)),
            Map.of());

    private final ContainerRepository containers;
    private final VersionRepository versions;
    private final Queries queries;
    private final Transactions transactions;
    private final Clock clock;

    Environments(
            ContainerRepository containers,
            VersionRepository versions,
            Queries queries,
            Transactions transactions,
            Clock clock) {
        this.containers = containers;
        this.versions = versions;
        this.queries = queries;
        this.transactions = transactions;
        this.clock = clock;
    }

    public Optional<EnvironmentView> find(WorkspaceId workspace, String name, String version) {
        return transactions
                .read(() -> versions.findById(new VersionKey(workspace.value(), name, version))
                        .map(VersionEntity::view))
                .or(() -> Curated.find(name, version));
    }

    /** The newest version by creation. */
    public Optional<EnvironmentView> latest(WorkspaceId workspace, String name) {
        return transactions
                .read(() -> newest(workspace, name).map(VersionEntity::view))
                .or(() -> Curated.find(name, "1"));
    }

    /**
     * Keeps a v1 definition. The same content as the newest version's is that version.
     *
     * @param version null for the next number
     */
    EnvironmentView register(
            WorkspaceId workspace, String name, @Nullable String version, ObjectNode definition, String by) {
        EnvironmentRules.checkName(name);
        String hash = EnvironmentRules.contentHash(Dialect.V1, definition);
        String text = EnvironmentRules.text(definition);
        return transactions.write(() -> {
            ContainerEntity container = container(workspace, name, by);
            if (version == null) {
                Optional<VersionEntity> newest = newest(workspace, name);
                if (newest.isPresent() && newest.get().contentHash().equals(hash)) {
                    return newest.get().view();
                }
            }
            String wanted = version == null ? container.nextVersion() : EnvironmentRules.checkVersion(version);
            Kept kept = keep(workspace, container, wanted, Dialect.V1, hash, by);
            if (kept.created()) {
                kept.version().replace(text, false, clock.instant());
            }
            return kept.version().view();
        });
    }

    /** A version, and whether it is new. */
    record Put(EnvironmentView version, boolean created) {}

    /** Keeps a v2 version's properties; of an existing one only what describes it can change. */
    Put put(WorkspaceId workspace, String name, String version, ObjectNode properties, String by) {
        EnvironmentRules.checkName(name);
        EnvironmentRules.checkVersion(version);
        String hash = EnvironmentRules.contentHash(Dialect.V2, properties);
        String text = EnvironmentRules.text(properties);
        boolean archived = Json.member(properties, "isArchived").asBoolean(false);
        return transactions.write(() -> {
            ContainerEntity container = container(workspace, name, by);
            Optional<VersionEntity> v1 = versions.findById(new VersionKey(workspace.value(), name, version))
                    .filter(there -> there.isOf(Dialect.V1, hash));
            if (v1.isPresent()) {
                v1.get().archive(archived, clock.instant());
                return new Put(v1.get().view(), false);
            }
            Kept kept = keep(workspace, container, version, Dialect.V2, hash, by);
            kept.version().replace(text, archived, clock.instant());
            return new Put(kept.version().view(), kept.created());
        });
    }

    EnvironmentContainer putContainer(WorkspaceId workspace, String name, ObjectNode properties) {
        EnvironmentRules.checkName(name);
        String text = EnvironmentRules.text(properties);
        if (text.length() > 100_000) {
            throw new AzureException(Errors.tooLarge("The environment", 100_000));
        }
        boolean archived = Json.member(properties, "isArchived").asBoolean(false);
        return transactions.write(() -> {
            ContainerEntity container = container(workspace, name, Author.current());
            container.replace(text, archived, clock.instant());
            return view(container, versions.findLatest(workspace.value(), List.of(name)));
        });
    }

    Optional<EnvironmentContainer> findContainer(WorkspaceId workspace, String name) {
        return transactions
                .read(() -> containers
                        .findById(new ContainerKey(workspace.value(), name))
                        .map(container -> view(container, versions.findLatest(workspace.value(), List.of(name)))))
                .or(() -> Curated.find(name, "1").map(Curated::container));
    }

    /**
     * Environments by name.
     *
     * @param archived empty for all
     */
    Slice<EnvironmentContainer> listContainers(WorkspaceId workspace, Optional<Boolean> archived, Page page) {
        return transactions.read(() -> {
            Slice<ContainerEntity> found = containers(workspace, archived, page);
            List<String> names =
                    found.items().stream().map(ContainerEntity::name).toList();
            List<VersionEntity> latest = names.isEmpty() ? List.of() : versions.findLatest(workspace.value(), names);
            return withCurated(
                    page,
                    archived.orElse(false) ? List.of() : Curated.all(),
                    Curated::container,
                    found.map(container -> view(container, latest)));
        });
    }

    /** The newest version of each environment, by name. */
    Slice<EnvironmentView> listLatest(WorkspaceId workspace, Page page) {
        return transactions.read(() -> {
            Slice<ContainerEntity> found = containers(workspace, Optional.of(false), page);
            List<String> names =
                    found.items().stream().map(ContainerEntity::name).toList();
            Map<String, EnvironmentView> latest = names.isEmpty()
                    ? Map.of()
                    : versions.findLatest(workspace.value(), names).stream()
                            .map(VersionEntity::view)
                            .collect(Collectors.toMap(EnvironmentView::name, Function.identity()));
            return withCurated(
                    page,
                    Curated.all(),
                    Function.identity(),
                    new Slice<>(
                            names.stream()
                                    .map(latest::get)
                                    .filter(view -> view != null)
                                    .toList(),
                            found.next()));
        });
    }

    /** They come first, on the first page, beside as many others as it holds. */
    private static <T> Slice<T> withCurated(
            Page page, List<EnvironmentView> curated, Function<EnvironmentView, T> wire, Slice<T> found) {
        return page.skip() > 0
                ? found
                : new Slice<>(
                        Stream.concat(curated.stream().map(wire), found.items().stream())
                                .toList(),
                        found.next());
    }

    Slice<EnvironmentView> listVersions(
            WorkspaceId workspace, String name, Optional<Boolean> archived, List<Ordering> order, Page page) {
        Filter filter = Filter.all(
                Filter.eq("WorkspaceId", workspace.value()),
                Filter.eq("Name", name),
                archived.map(flag -> Filter.eq("Archived", flag.toString())).orElse(Filter.all()));
        if (Curated.is(name)) {
            boolean wanted = page.skip() == 0 && !archived.orElse(false);
            return new Slice<>(wanted ? Curated.find(name, "1").stream().toList() : List.of(), Optional.empty());
        }
        List<Ordering> sorted = order.isEmpty() ? List.of(new Ordering("createdtime", true)) : order;
        return transactions
                .read(() -> queries.list(VersionEntity.class, VERSIONS, filter, sorted, page))
                .map(VersionEntity::view);
    }

    /** False when there is none. */
    boolean delete(WorkspaceId workspace, String name, String version) {
        return transactions.write(() -> {
            Optional<VersionEntity> row = versions.findById(new VersionKey(workspace.value(), name, version));
            row.ifPresent(versions::delete);
            return row.isPresent();
        });
    }

    /** Deletes an environment with all of its versions; false when there is none. */
    boolean delete(WorkspaceId workspace, String name) {
        return transactions.write(() -> {
            Optional<ContainerEntity> row = containers.findLockedByKey(new ContainerKey(workspace.value(), name));
            row.ifPresent(found -> {
                versions.deleteByKeyWorkspaceIdAndKeyName(workspace.value(), name);
                containers.delete(found);
            });
            return row.isPresent();
        });
    }

    private Optional<VersionEntity> newest(WorkspaceId workspace, String name) {
        return versions.findLatest(workspace.value(), List.of(name)).stream().findFirst();
    }

    private Slice<ContainerEntity> containers(WorkspaceId workspace, Optional<Boolean> archived, Page page) {
        Filter filter = Filter.all(
                Filter.eq("WorkspaceId", workspace.value()),
                archived.map(flag -> Filter.eq("Archived", flag.toString())).orElse(Filter.all()));
        return queries.list(ContainerEntity.class, CONTAINERS, filter, List.of(new Ordering("Name", false)), page);
    }

    private ContainerEntity container(WorkspaceId workspace, String name, String by) {
        ContainerKey key = new ContainerKey(workspace.value(), name);
        return containers.findLockedByKey(key).orElseGet(() -> {
            containers.saveAndFlush(new ContainerEntity(key, clock.instant(), by));
            return containers.findLockedByKey(key).orElseThrow();
        });
    }

    private record Kept(VersionEntity version, boolean created) {}

    private Kept keep(
            WorkspaceId workspace, ContainerEntity container, String version, Dialect dialect, String hash, String by) {
        VersionKey key = new VersionKey(workspace.value(), container.name(), version);
        Optional<VersionEntity> there = versions.findById(key);
        if (there.isPresent()) {
            if (there.get().contentHash().equals(hash)) {
                return new Kept(there.get(), false);
            }
            throw new AzureException(Errors.conflict(
                    ("Environment '%s' has a version '%s' with other content, and a version's content cannot change."
                                    + " Choose another version.")
                            .formatted(container.name(), version)));
        }
        if (container.size() >= MAX_VERSIONS) {
            throw new AzureException(Errors.userError(
                    "Environment '%s' has %d versions; that is the limit.".formatted(container.name(), MAX_VERSIONS)));
        }
        Instant now = clock.instant();
        return new Kept(
                versions.save(new VersionEntity(key, container.add(version, now), dialect, hash, now, by)), true);
    }

    private static EnvironmentContainer view(ContainerEntity container, List<VersionEntity> latest) {
        return new EnvironmentContainer(
                container.name(),
                container.document(),
                container.isArchived(),
                latest.stream()
                        .filter(candidate -> candidate.name().equals(container.name()))
                        .map(candidate -> candidate.view().version())
                        .findFirst(),
                container.nextVersion(),
                container.created(),
                container.modified(),
                container.createdBy());
    }
}
