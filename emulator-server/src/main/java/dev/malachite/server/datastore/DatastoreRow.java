package dev.malachite.server.datastore;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.web.Json;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/** A registered datastore as it is kept; one of the defaults too, once it was changed. */
@Entity
@SuppressWarnings("UnusedVariable") // queries read the keys
@Table(name = "datastore")
class DatastoreRow {

    @Id
    private String id;

    private String workspaceId;
    private String nameKey;
    private String name;
    private boolean isDefault;
    private Instant createdOn;
    private Instant modifiedOn;
    private String document;
    private String secrets;

    @SuppressWarnings("NullAway") // Hibernate fills the fields
    protected DatastoreRow() {}

    DatastoreRow(WorkspaceId workspace, Datastore datastore, Instant now) {
        id = UUID.randomUUID().toString();
        workspaceId = workspace.value();
        name = datastore.name();
        nameKey = key(name);
        isDefault = datastore.isDefault();
        createdOn = now;
        modifiedOn = now;
        document = Json.text(datastore.properties());
        secrets = Json.text(datastore.secrets());
    }

    static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    void change(ObjectNode properties, ObjectNode newSecrets, Instant now) {
        document = Json.text(properties);
        secrets = Json.text(newSecrets);
        modifiedOn = now;
    }

    void makeDefault(boolean value) {
        isDefault = value;
    }

    Datastore toDatastore() {
        return new Datastore(name, isDefault, createdOn, modifiedOn, Json.parse(document), Json.parse(secrets));
    }
}
