package dev.malachite.server.workspace;

import dev.malachite.api.AzureError;
import dev.malachite.api.Errors;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.web.Author;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes, changes and removes workspaces. */
@Service
public class WorkspaceService implements Workspaces {

    static final String TYPE = "Microsoft.MachineLearningServices/workspaces";

    private final WorkspaceRows rows;
    private final ResourceGroups groups;
    /** Looked up when they are needed: who clears up may need workspaces itself. */
    private final ObjectProvider<WorkspaceRemoval> removals;

    private final TransactionTemplate transaction;
    private final TransactionTemplate reading;
    private final Clock clock;

    /** One writer at a time: two creations of one name would meet as a constraint violation in the database. */
    private final ReentrantLock writing = new ReentrantLock();

    private final KnownWorkspaces known = new KnownWorkspaces();

    WorkspaceService(
            WorkspaceRows rows,
            ResourceGroups groups,
            ObjectProvider<WorkspaceRemoval> removals,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.rows = rows;
        this.groups = groups;
        this.removals = removals;
        this.transaction = new TransactionTemplate(transactions);
        this.reading = new TransactionTemplate(transactions);
        this.reading.setReadOnly(true);
        this.clock = clock;
    }

    @Override
    public Optional<Workspace> find(WorkspaceRef ref) {
        return known.find(ref, () -> read(() -> row(ref)));
    }

    @Override
    public Optional<Workspace> find(WorkspaceId id) {
        return read(() -> rows.findById(id.value()).map(WorkspaceRow::toWorkspace));
    }

    @Override
    public List<Workspace> all() {
        return read(() -> toWorkspaces(rows.findAll()));
    }

    @Override
    public Workspace require(WorkspaceRef ref) {
        return find(ref).orElseThrow(() -> new AzureException(missing(ref, Errors.parentNotFound(ref.name()))));
    }

    /** The workspace itself is asked for, not something below it: another error when it is missing. */
    Workspace requireItself(WorkspaceRef ref) {
        return find(ref)
                .orElseThrow(() -> new AzureException(
                        missing(ref, Errors.resourceNotFound(TYPE, ref.name(), ref.resourceGroup()))));
    }

    private AzureError missing(WorkspaceRef ref, AzureError withGroup) {
        return groups.exists(ref.subscription(), ref.resourceGroup())
                ? withGroup
                : Errors.resourceGroupNotFound(ref.resourceGroup());
    }

    public List<Workspace> list(String subscription) {
        return read(() ->
                toWorkspaces(rows.findBySubscriptionKeyOrderByNameKeyAscGroupKeyAsc(WorkspaceRow.key(subscription))));
    }

    public List<Workspace> list(String subscription, String group) {
        return read(() -> toWorkspaces(rows.findBySubscriptionKeyAndGroupKeyOrderByNameKey(
                WorkspaceRow.key(subscription), WorkspaceRow.key(group))));
    }

    /** The short form that lists of resources of any type have. */
    public static ObjectNode summary(Workspace workspace) {
        return WorkspaceAnswer.summary(workspace);
    }

    /** Makes the workspace, or gives the one of that name a new definition; a location can never change. */
    public Workspace put(WorkspaceRef ref, ObjectNode body) {
        WorkspaceRules.check(ref, body);
        return write(() -> {
            Optional<WorkspaceRow> existing = row(ref);
            if (existing.isPresent()) {
                return replace(existing.get(), body);
            }
            if (!groups.exists(ref.subscription(), ref.resourceGroup())) {
                throw new AzureException(Errors.resourceGroupNotFound(ref.resourceGroup()));
            }
            ObjectNode document = body.deepCopy();
            WorkspaceIdentity.give(document, Json.object());
            Workspace made = new Workspace(
                    new WorkspaceId(UUID.randomUUID().toString()),
                    ref,
                    WorkspaceRules.location(body).orElseThrow(() -> new AzureException(Errors.locationRequired())),
                    now(),
                    Author.current(),
                    document);
            rows.save(new WorkspaceRow(made));
            return made;
        });
    }

    private Workspace replace(WorkspaceRow row, ObjectNode body) {
        Workspace before = row.toWorkspace();
        WorkspaceRules.location(body)
                .filter(location -> !location.equals(before.location()))
                .ifPresent(location -> {
                    throw new AzureException(
                            Errors.invalidResourceLocation(before.name(), before.location(), location));
                });
        ObjectNode document = body.deepCopy();
        if (!document.has("identity") && before.document().has("identity")) {
            document.set("identity", before.document().get("identity"));
        }
        WorkspaceIdentity.give(document, Json.objectAt(before.document(), "identity"));
        return changed(row, document);
    }

    /** Changes what the body names; tags are replaced as a whole, properties one by one. */
    Workspace patch(WorkspaceRef ref, ObjectNode body) {
        requireItself(ref);
        return write(() -> {
            WorkspaceRow row = row(ref).orElseThrow(
                            () -> new AzureException(Errors.resourceNotFound(TYPE, ref.name(), ref.resourceGroup())));
            ObjectNode document = row.toWorkspace().document();
            ObjectNode before = Json.objectAt(document, "identity").deepCopy();
            for (String name : List.of("tags", "sku", "identity", "kind")) {
                JsonNode value = Json.member(body, name);
                if (!value.isMissingNode() && !value.isNull()) {
                    document.set(name, value);
                }
            }
            ObjectNode properties =
                    document.get("properties") instanceof ObjectNode kept ? kept : document.putObject("properties");
            for (Map.Entry<String, JsonNode> change :
                    Json.objectAt(body, "properties").properties()) {
                properties.set(change.getKey(), change.getValue());
            }
            WorkspaceIdentity.give(document, before);
            return changed(row, document);
        });
    }

    /** Removes the workspace and, before it, everything that others keep for it; false when there is none. */
    public boolean delete(WorkspaceRef ref) {
        Optional<Workspace> workspace = find(ref);
        if (workspace.isEmpty()) {
            return false;
        }
        WorkspaceId id = workspace.get().id();
        // Outside of our transaction: ending jobs waits for the control loop's own.
        removals.orderedStream().forEach(removal -> removal.removed(id));
        return write(() -> {
            if (!rows.existsById(id.value())) {
                return false;
            }
            rows.deleteById(id.value());
            return true;
        });
    }

    private Workspace changed(WorkspaceRow row, ObjectNode document) {
        row.change(Json.text(document), now());
        return rows.save(row).toWorkspace();
    }

    private Optional<WorkspaceRow> row(WorkspaceRef ref) {
        return rows.findBySubscriptionKeyAndGroupKeyAndNameKey(
                WorkspaceRow.key(ref.subscription()),
                WorkspaceRow.key(ref.resourceGroup()),
                WorkspaceRow.key(ref.name()));
    }

    private static List<Workspace> toWorkspaces(List<WorkspaceRow> found) {
        return found.stream().map(WorkspaceRow::toWorkspace).toList();
    }

    /** The databases keep microseconds. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private <T> T read(Supplier<T> action) {
        return present(reading.execute(status -> action.get()));
    }

    private <T> T write(Supplier<T> action) {
        writing.lock();
        try {
            return present(transaction.execute(status -> action.get()));
        } finally {
            known.forget();
            writing.unlock();
        }
    }

    private static <T> T present(@Nullable T result) {
        if (result == null) {
            throw new IllegalStateException("a transaction without a result");
        }
        return result;
    }
}
