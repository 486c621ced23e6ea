package dev.malachite.server.datastore;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.seal.Seal;
import dev.malachite.server.web.Json;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/** A registered datastore as it is kept, sealed; one of the defaults too, once it was changed. */
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
    private String createdBy;
    private String document;
    private String secrets;

    @SuppressWarnings("NullAway") // Hibernate fills the fields
    protected DatastoreRow() {}

    DatastoreRow(WorkspaceId workspace, Datastore datastore, Instant now, Seal seal) {
        id = UUID.randomUUID().toString();
        workspaceId = workspace.value();
        name = datastore.name();
        nameKey = key(name);
        isDefault = datastore.isDefault();
        createdOn = now;
        modifiedOn = now;
        createdBy = datastore.createdBy();
        document = closed(datastore.properties(), seal);
        secrets = closed(datastore.secrets(), seal);
    }

    static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    void change(ObjectNode properties, ObjectNode newSecrets, Instant now, Seal seal) {
        document = closed(properties, seal);
        secrets = closed(newSecrets, seal);
        modifiedOn = now;
    }

    void makeDefault(boolean value) {
        isDefault = value;
    }

    boolean isCalled(String other) {
        return name.equals(other);
    }

    Datastore toDatastore(Seal seal) {
        return new Datastore(
                name, isDefault, createdOn, modifiedOn, createdBy, opened(document, seal), opened(secrets, seal));
    }

    /** The definition too: types that only the v1 SDK has keep their credentials in it. */
    private String closed(ObjectNode part, Seal seal) {
        return seal.close(Json.text(part), place());
    }

    private ObjectNode opened(String kept, Seal seal) {
        // Versions before this one kept it as it is.
        return Json.parse(kept.startsWith("{") ? kept : seal.open(kept, place()));
    }

    private String place() {
        return "datastore/" + workspaceId + "/" + nameKey;
    }
}
