package dev.malachite.server.snapshot;

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
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.data.domain.PageRequest;
import org.springframework.stereotype.Service;
import tools.jackson.databind.node.ObjectNode;

/** Keeps code assets by name, with what their versions share; the versions themselves are {@link CodeService}'s. */
@Service
class CodeAssets {

    private static final int MAX_DOCUMENT = 100_000;

    private static final Schema SCHEMA = new Schema(
            Map.of(
                    "workspaceid", new Schema.Column("key.workspaceId", Schema.Type.TEXT),
                    "name", new Schema.Column("name", Schema.Type.TEXT),
                    "archived", new Schema.Column("archived", Schema.Type.FLAG)),
            Map.of());

    private final CodeAssetRows rows;
    private final CodeVersionRepository versions;
    private final Queries queries;
    private final Transactions transactions;
    private final Clock clock;

    CodeAssets(
            CodeAssetRows rows,
            CodeVersionRepository versions,
            Queries queries,
            Transactions transactions,
            Clock clock) {
        this.rows = rows;
        this.versions = versions;
        this.queries = queries;
        this.transactions = transactions;
        this.clock = clock;
    }

    Optional<CodeAssetRow> find(WorkspaceId workspace, String name) {
        return transactions.read(() -> rows.findById(CodeAssetRow.Key.of(workspace, name)));
    }

    /**
     * Code assets by name.
     *
     * @param archived empty for all
     */
    Slice<CodeAssetRow> list(WorkspaceId workspace, Optional<Boolean> archived, Page page) {
        Filter filter = Filter.all(
                Filter.eq("workspaceid", workspace.value()),
                archived.map(flag -> Filter.eq("archived", flag.toString())).orElse(Filter.all()));
        return transactions.read(
                () -> queries.list(CodeAssetRow.class, SCHEMA, filter, List.of(new Ordering("name", false)), page));
    }

    /** @param properties of the resource, as received */
    CodeAssetRow put(WorkspaceId workspace, String name, ObjectNode properties) {
        CodeService.requireName("name", name);
        String text = Json.text(properties);
        if (text.length() > MAX_DOCUMENT) {
            throw new AzureException(Errors.tooLarge("The asset", MAX_DOCUMENT));
        }
        boolean archived = Json.member(properties, "isArchived").asBoolean(false);
        return transactions.write(() -> {
            CodeAssetRow row = locked(workspace, name);
            row.replace(text, archived, clock.instant());
            return row;
        });
    }

    /** Keeps a new version, and counts it in. */
    CodeVersion add(WorkspaceId workspace, CodeVersion code) {
        return transactions.write(() -> {
            locked(workspace, code.name()).add(code.version(), code.createdOn());
            return versions.save(new CodeVersionEntity(workspace, code)).code();
        });
    }

    /**
     * Deletes a version; false when there is none. Its files stay for as long as the workspace: runs that were made of them
     * name them.
     */
    boolean delete(WorkspaceId workspace, String name, String version) {
        return transactions.write(() -> {
            Optional<CodeAssetRow> row = rows.findLockedByKey(CodeAssetRow.Key.of(workspace, name));
            Optional<CodeVersionEntity> there = versions.findById(CodeVersionEntity.id(workspace, name, version));
            there.ifPresent(versions::delete);
            if (row.isPresent() && there.isPresent()) {
                row.get().latest(newest(workspace, name), clock.instant());
            }
            return there.isPresent();
        });
    }

    /** Deletes a name with all of its versions; false when there is none. */
    boolean delete(WorkspaceId workspace, String name) {
        return transactions.write(() -> {
            Optional<CodeAssetRow> row = rows.findLockedByKey(CodeAssetRow.Key.of(workspace, name));
            row.ifPresent(found -> {
                versions.deleteByWorkspaceIdAndNameKey(workspace.value(), name.toLowerCase(Locale.ROOT));
                rows.delete(found);
            });
            return row.isPresent();
        });
    }

    private Optional<String> newest(WorkspaceId workspace, String name) {
        return versions
                .findByWorkspaceIdAndNameKeyOrderByCreatedOnDescVersionDesc(
                        workspace.value(), name.toLowerCase(Locale.ROOT), PageRequest.of(0, 1))
                .stream()
                .map(found -> found.code().version())
                .findFirst();
    }

    private CodeAssetRow locked(WorkspaceId workspace, String name) {
        CodeAssetRow.Key key = CodeAssetRow.Key.of(workspace, name);
        return rows.findLockedByKey(key).orElseGet(() -> {
            rows.saveAndFlush(new CodeAssetRow(workspace, name, clock.instant(), Author.current()));
            return rows.findLockedByKey(key).orElseThrow();
        });
    }
}
