package dev.malachite.server.experiment;

import dev.malachite.server.database.Attributes;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An experiment's row, without its counter of runs, which only JDBC touches; rows are made by {@link Experiments}. */
@Entity
@Table(name = "experiment")
class ExperimentEntity {

    @Id
    private String id = "";

    @Column(name = "workspace_id", updatable = false)
    private String workspaceId = "";

    @Column(updatable = false)
    private String name = "";

    @Column(updatable = false)
    private Instant created = Instant.EPOCH;

    private @Nullable String description;
    private String tags = "{}";
    private @Nullable Instant archived;

    Experiment view() {
        return new Experiment(
                id,
                name,
                Optional.ofNullable(description),
                Attributes.parse(tags),
                created,
                Optional.ofNullable(archived));
    }

    boolean isIn(String workspace) {
        return workspaceId.equals(workspace);
    }

    void describe(String text) {
        this.description = text;
    }

    void tag(Attributes all) {
        this.tags = all.text();
    }

    void archive(@Nullable Instant since) {
        this.archived = since;
    }
}
