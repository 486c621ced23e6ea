package dev.malachite.server.workspace;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.web.Json;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Locale;

/** A workspace as it is kept. */
@Entity
@SuppressWarnings("UnusedVariable") // queries read the keys
@Table(name = "workspace")
class WorkspaceRow {

    @Id
    private String id;

    private String subscriptionKey;
    private String groupKey;
    private String nameKey;
    private String subscription;
    private String resourceGroup;
    private String name;
    private String location;
    private Instant createdOn;
    private Instant modifiedOn;
    private String createdBy;
    private String document;

    @SuppressWarnings("NullAway") // Hibernate fills the fields
    protected WorkspaceRow() {}

    WorkspaceRow(Workspace workspace) {
        WorkspaceRef ref = workspace.ref();
        id = workspace.id().value();
        subscription = ref.subscription();
        resourceGroup = ref.resourceGroup();
        name = ref.name();
        subscriptionKey = key(subscription);
        groupKey = key(resourceGroup);
        nameKey = key(name);
        location = workspace.location();
        createdOn = workspace.createdOn();
        modifiedOn = createdOn;
        createdBy = workspace.createdBy();
        document = Json.text(workspace.document());
    }

    static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    void change(String newDocument, Instant now) {
        document = newDocument;
        modifiedOn = now;
    }

    Workspace toWorkspace() {
        return new Workspace(
                new WorkspaceId(id),
                new WorkspaceRef(subscription, resourceGroup, name),
                location,
                createdOn,
                createdBy,
                Json.parse(document));
    }
}
