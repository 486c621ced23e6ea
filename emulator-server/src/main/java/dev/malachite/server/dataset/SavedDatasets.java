package dev.malachite.server.dataset;

import dev.malachite.api.Errors;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.database.Transactions;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.ContentHash;
import dev.malachite.server.web.Json;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Service;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Keeps definitions of datasets as they were sent; the same definition has one id. */
@Service
class SavedDatasets {

    private static final int MAX_DOCUMENT = 900_000;

    /** What makes a definition; when and by whom it was saved does not count. */
    private static final List<String> DEFINITION = List.of("datasetType", "dataflowJson", "properties", "dataPath");

    private final SavedDatasetRows rows;
    private final Transactions transactions;
    private final Clock clock;

    SavedDatasets(SavedDatasetRows rows, Transactions transactions, Clock clock) {
        this.rows = rows;
        this.transactions = transactions;
        this.clock = clock;
    }

    ObjectNode ensureSaved(WorkspaceId workspace, ObjectNode sent) {
        ObjectNode document = definition(sent);
        String digest = ContentHash.of(document);
        return transactions.write(() -> wire(rows.findFirstByKeyWorkspaceIdAndDigest(workspace.value(), digest)
                .orElseGet(() -> save(workspace, digest, document))));
    }

    Optional<ObjectNode> find(WorkspaceId workspace, String id) {
        return transactions.read(() -> row(workspace, id).map(SavedDatasets::wire));
    }

    /** The definition in the language of the native engine, which every SDK since 1.50 puts beside its own. */
    Optional<String> dataflow(WorkspaceId workspace, String id) {
        return find(workspace, id)
                .flatMap(saved -> Json.string(saved, "dataflowJson"))
                .map(SavedDatasets::tree)
                .flatMap(tree -> Json.string(Json.objectAt(tree, "meta"), "RsDataflow"));
    }

    /** A definition that is registered is saved by that; to be called within a transaction. */
    String saveAnew(WorkspaceId workspace, ObjectNode sent) {
        ObjectNode document = definition(sent);
        return save(workspace, ContentHash.of(document), document).id();
    }

    Optional<SavedDatasetRow> row(WorkspaceId workspace, String id) {
        return rows.findById(new SavedDatasetRow.Key(workspace.value(), id));
    }

    private SavedDatasetRow save(WorkspaceId workspace, String digest, ObjectNode document) {
        String id = UUID.randomUUID().toString();
        return rows.save(
                new SavedDatasetRow(new SavedDatasetRow.Key(workspace.value(), id), digest, document, clock.instant()));
    }

    private static ObjectNode definition(ObjectNode sent) {
        ObjectNode document = Json.object();
        for (String name : DEFINITION) {
            JsonNode value = Json.member(sent, name);
            if (!value.isMissingNode() && !value.isNull()) {
                document.set(name, value);
            }
        }
        String dataflow = Json.string(document, "dataflowJson").orElse("");
        if (dataflow.isBlank() && !(document.path("dataPath") instanceof ObjectNode)) {
            throw new AzureException(Errors.invalidParameter("dataflowJson", "a dataset has a definition."));
        }
        if (!dataflow.isBlank()) {
            tree(dataflow);
        }
        if (Json.text(document).length() > MAX_DOCUMENT) {
            throw new AzureException(Errors.tooLarge("The dataset's definition", MAX_DOCUMENT));
        }
        return document;
    }

    private static ObjectNode tree(String dataflow) {
        try {
            if (Json.mapper().readTree(dataflow) instanceof ObjectNode tree) {
                return tree;
            }
        } catch (JacksonException e) {
            // Told below.
        }
        throw new AzureException(Errors.invalidParameter("dataflowJson", "it is not a JSON object."));
    }

    private static ObjectNode wire(SavedDatasetRow row) {
        ObjectNode saved = row.document().put("id", row.id());
        saved.putNull("dataChanged");
        if (!saved.has("dataPath")) {
            saved.putNull("dataPath");
        }
        return saved;
    }
}
