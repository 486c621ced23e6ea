package dev.malachite.server.snapshot;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.web.Json;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.PostLoad;
import jakarta.persistence.PostPersist;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

/** The row of one code version. */
@Entity
@Table(name = "code_version")
class CodeVersionEntity implements Persistable<String> {

    @Id
    private String id;

    @Column(name = "workspace_id")
    private String workspaceId;

    private String name;

    @Column(name = "name_key")
    private String nameKey;

    private String version;

    private String hash;

    @Column(name = "hash_version")
    private String hashVersion;

    private String document;

    @Column(name = "created_on")
    private Instant createdOn;

    @Column(name = "modified_on")
    private Instant modifiedOn;

    @Column(name = "created_by", updatable = false)
    private String createdBy;

    /** Makes a second insert of one id an error instead of an update of what may not change. */
    @Transient
    private boolean fresh;

    @SuppressWarnings("NullAway.Init")
    protected CodeVersionEntity() {}

    CodeVersionEntity(WorkspaceId workspace, CodeVersion code) {
        this.id = id(workspace, code.name(), code.version());
        this.workspaceId = workspace.value();
        this.name = code.name();
        this.nameKey = code.name().toLowerCase(Locale.ROOT);
        this.version = code.version();
        this.hash = code.hash();
        this.hashVersion = code.hashVersion();
        this.document = Json.text(code.document());
        this.createdOn = code.createdOn();
        this.modifiedOn = code.modifiedOn();
        this.createdBy = code.createdBy();
        this.fresh = true;
    }

    static String id(WorkspaceId workspace, String name, String version) {
        return (workspace.value() + "/" + name + "/" + version).toLowerCase(Locale.ROOT);
    }

    void change(CodeVersion code) {
        this.document = Json.text(code.document());
        this.modifiedOn = code.modifiedOn();
    }

    CodeVersion code() {
        return new CodeVersion(
                name, version, hash, hashVersion, Json.parse(document), createdOn, modifiedOn, createdBy);
    }

    @Override
    public @Nullable String getId() {
        return id;
    }

    @Override
    public boolean isNew() {
        return fresh;
    }

    @PostLoad
    @PostPersist
    void known() {
        this.fresh = false;
    }
}
