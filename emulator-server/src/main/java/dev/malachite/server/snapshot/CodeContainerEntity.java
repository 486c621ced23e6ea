package dev.malachite.server.snapshot;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** The row that says for which workspace a container for uploads was made. */
@Entity
@Table(name = "code_container")
class CodeContainerEntity {

    @Id
    private String name;

    @Column(name = "workspace_id")
    private String workspaceId;

    @Column(name = "created_on")
    private Instant createdOn;

    @SuppressWarnings("NullAway.Init")
    protected CodeContainerEntity() {}

    CodeContainerEntity(String name, String workspaceId, Instant createdOn) {
        this.name = name;
        this.workspaceId = workspaceId;
        this.createdOn = createdOn;
    }

    String name() {
        return name;
    }
}
