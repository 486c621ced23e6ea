package dev.malachite.server.dataset;

import dev.malachite.api.Errors;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.database.Page;
import dev.malachite.server.database.Slice;
import dev.malachite.server.database.Transactions;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.domain.PageRequest;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Keeps the names under which datasets are registered, and their versions, which count from 1. */
@Service
class Datasets {

    private static final int MAX_NAME = 255;
    private static final int MAX_DOCUMENT = 90_000;
    private static final int MOST_VERSIONS = 10_000;

    /** What belongs to the name, whichever version is looked at. */
    private static final List<String> SHARED =
            List.of("datasetType", "description", "tags", "isVisible", "defaultCompute");

    private final DatasetRows rows;
    private final DatasetVersionRows versions;
    private final SavedDatasets saved;
    private final Transactions transactions;
    private final Clock clock;

    Datasets(
            DatasetRows rows,
            DatasetVersionRows versions,
            SavedDatasets saved,
            Transactions transactions,
            Clock clock) {
        this.rows = rows;
        this.versions = versions;
        this.saved = saved;
        this.transactions = transactions;
        this.clock = clock;
    }

    Slice<ObjectNode> list(WorkspaceId workspace, String text, Page page) {
        return transactions.read(() -> {
            List<DatasetRow> found = rows.findByKeyWorkspaceIdAndNameContainingIgnoreCaseOrderByNameAsc(
                    workspace.value(), text, request(page));
            return slice(found, page).map(row -> wire(row, row.latest()));
        });
    }

    Optional<ObjectNode> find(WorkspaceId workspace, String id) {
        return transactions.read(() -> row(workspace, id).map(row -> wire(row, row.latest())));
    }

    /** The newest version for an empty one. */
    Optional<ObjectNode> named(WorkspaceId workspace, String name, Optional<Integer> version) {
        return transactions.read(() -> rows.findByKeyWorkspaceIdAndName(workspace.value(), name)
                .filter(row -> version.isEmpty() || (version.get() >= 1 && version.get() <= row.latest()))
                .map(row -> wire(row, version.orElseGet(row::latest))));
    }

    /** The version that is this saved definition. */
    Optional<ObjectNode> ofSaved(WorkspaceId workspace, String savedId) {
        return transactions.read(() -> versions.findFirstByKeyWorkspaceIdAndSavedId(workspace.value(), savedId)
                .flatMap(version -> row(workspace, version.datasetId()).map(row -> wire(row, version.version()))));
    }

    Slice<ObjectNode> definitions(WorkspaceId workspace, String id, Page page) {
        return transactions.read(() -> {
            DatasetRow row = require(workspace, id);
            List<DatasetVersionRow> found = versions.findByKeyWorkspaceIdAndKeyDatasetIdOrderByKeyVersionAsc(
                    workspace.value(), row.id(), request(page));
            return slice(found, page).map(version -> latest(workspace, version));
        });
    }

    /** Clients ask for pages of one size, so each begins at a multiple of it. */
    private static PageRequest request(Page page) {
        return PageRequest.of(page.skip() / page.top(), page.top());
    }

    private static <T> Slice<T> slice(List<T> found, Page page) {
        return new Slice<>(
                found,
                found.size() < page.top() ? Optional.empty() : Optional.of(Integer.toString(page.skip() + page.top())));
    }

    /**
     * Registers a definition.
     *
     * @param again whether a name that is taken gets another version
     */
    ObjectNode register(WorkspaceId workspace, ObjectNode sent, boolean again) {
        String name = Json.string(sent, "name")
                .filter(text -> !text.isBlank() && text.length() <= MAX_NAME && !text.contains("/"))
                .orElseThrow(() -> new AzureException(Errors.invalidParameter(
                        "name", "1 to %d characters other than '/' are expected.".formatted(MAX_NAME))));
        ObjectNode latest = Json.objectAt(sent, "latest");
        return transactions.write(() -> {
            Optional<DatasetRow> taken = rows.findByKeyWorkspaceIdAndName(workspace.value(), name);
            if (taken.isPresent() && !again) {
                throw new AzureException(
                        Errors.conflict("There is already a dataset registered under the name '%s'.".formatted(name)));
            }
            String savedId = savedId(workspace, sent, latest);
            DatasetRow row = taken.orElseGet(() -> new DatasetRow(
                    new DatasetRow.Key(workspace.value(), UUID.randomUUID().toString()),
                    name,
                    Json.object(),
                    clock.instant()));
            row.change(shared(row.document(), sent), clock.instant());
            if (row.next() > MOST_VERSIONS) {
                throw new AzureException(
                        Errors.conflict("A dataset has at most %d versions.".formatted(MOST_VERSIONS)));
            }
            rows.save(row);
            versions.save(new DatasetVersionRow(
                    new DatasetVersionRow.Key(workspace.value(), row.id(), row.latest()), savedId, clock.instant()));
            return wire(row, row.latest());
        });
    }

    /** Changes what belongs to the name; a version stays as it is. */
    ObjectNode update(WorkspaceId workspace, String id, ObjectNode sent) {
        return transactions.write(() -> {
            DatasetRow row = require(workspace, id);
            row.change(shared(row.document(), sent), clock.instant());
            return wire(rows.save(row), row.latest());
        });
    }

    /** Forgets the name and its versions; what was saved can still be had by its id, for the runs that used it. */
    void unregister(WorkspaceId workspace, String name) {
        transactions.write(() -> {
            DatasetRow row =
                    rows.findByKeyWorkspaceIdAndName(workspace.value(), name).orElseThrow(() -> notFound(name));
            versions.deleteByKeyWorkspaceIdAndKeyDatasetId(workspace.value(), row.id());
            rows.delete(row);
            return row;
        });
    }

    /** The SDK reads name and version out of this sentence (AbstractDataset._register). */
    private String savedId(WorkspaceId workspace, ObjectNode sent, ObjectNode latest) {
        Optional<String> named = Json.string(latest, "savedDatasetId");
        if (named.isEmpty()) {
            ObjectNode definition = Json.object();
            definition.set("datasetType", Json.member(sent, "datasetType"));
            definition.set("dataflowJson", Json.member(latest, "dataflow"));
            definition.set("properties", Json.member(latest, "properties"));
            definition.set("dataPath", Json.member(latest, "dataPath"));
            return saved.saveAnew(workspace, definition);
        }
        if (saved.row(workspace, named.get()).isEmpty()) {
            throw notFound(named.get());
        }
        versions.findFirstByKeyWorkspaceIdAndSavedId(workspace.value(), named.get())
                .flatMap(version -> row(workspace, version.datasetId())
                        .map(row -> "%s:%d".formatted(row.name(), version.version())))
                .ifPresent(registered -> {
                    throw new AzureException(
                            Errors.userError("The dataset '%s' has been registered as %s (name:version)."
                                    .formatted(named.get(), registered)));
                });
        return named.get();
    }

    private static ObjectNode shared(ObjectNode kept, ObjectNode sent) {
        for (String name : SHARED) {
            JsonNode value = Json.member(sent, name);
            if (!value.isMissingNode() && !value.isNull()) {
                kept.set(name, value);
            }
        }
        if (Json.text(kept).length() > MAX_DOCUMENT) {
            throw new AzureException(Errors.tooLarge("The dataset", MAX_DOCUMENT));
        }
        return kept;
    }

    private ObjectNode wire(DatasetRow row, int version) {
        WorkspaceId workspace = new WorkspaceId(row.workspaceId());
        ObjectNode dataset = Json.object().put("datasetId", row.id());
        dataset.putObject("datasetState").put("state", "active").putNull("deprecatedBy");
        dataset.set(
                "latest",
                versions.findById(new DatasetVersionRow.Key(row.workspaceId(), row.id(), version))
                        .map(found -> latest(workspace, found))
                        .orElse(null));
        dataset.put("name", row.name())
                .put("createdTime", row.created().toString())
                .put("modifiedTime", row.modified().toString())
                .put("isVisible", true)
                .putNull("description")
                .putNull("defaultCompute")
                .putObject("tags");
        dataset.setAll(row.document());
        return dataset;
    }

    private ObjectNode latest(WorkspaceId workspace, DatasetVersionRow version) {
        ObjectNode document = saved.row(workspace, version.savedId())
                .map(SavedDatasetRow::document)
                .orElseGet(Json::object);
        ObjectNode latest = Json.object()
                .put("datasetId", version.datasetId())
                .put("versionId", Integer.toString(version.version()))
                .put("savedDatasetId", version.savedId())
                .put("createdTime", version.created().toString())
                .put("modifiedTime", version.created().toString());
        latest.putObject("datasetDefinitionState").put("state", "active").putNull("deprecatedBy");
        latest.set("dataflow", document.get("dataflowJson"));
        latest.set("dataPath", document.get("dataPath"));
        latest.set("properties", document.get("properties"));
        return latest;
    }

    private Optional<DatasetRow> row(WorkspaceId workspace, String id) {
        return rows.findById(new DatasetRow.Key(workspace.value(), id));
    }

    private DatasetRow require(WorkspaceId workspace, String id) {
        return row(workspace, id).orElseThrow(() -> notFound(id));
    }

    static AzureException notFound(String what) {
        return new AzureException(Errors.notFound("The dataset '%s'".formatted(what)));
    }
}
