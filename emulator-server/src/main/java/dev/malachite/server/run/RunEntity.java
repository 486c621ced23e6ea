package dev.malachite.server.run;

import dev.malachite.server.database.Attributes;
import dev.malachite.server.web.Json;
import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.SecondaryTable;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A run's row, and the one of its status. {@link RunWriter} makes both; only its attributes change here: what is marked
 * {@code updatable = false} belongs to whoever executes the run.
 */
@Entity
@Table(name = "run")
@SecondaryTable(name = RunWriter.STATUS_TABLE)
@DynamicUpdate
class RunEntity {

    @EmbeddedId
    private RunKey key = new RunKey("", "");

    @Column(name = "experiment_id", updatable = false)
    private String experimentId = "";

    @Column(name = "experiment_name", updatable = false)
    private String experiment = "";

    @Column(name = "run_number", updatable = false)
    private long number;

    @Column(name = "parent_run_id", updatable = false)
    private @Nullable String parent;

    @Column(name = "root_run_id", updatable = false)
    private String root = "";

    @Column(name = "display_name")
    private @Nullable String displayName;

    private @Nullable String name;
    private @Nullable String description;
    private boolean hidden;

    @Column(name = "run_type")
    private @Nullable String runType;

    private @Nullable String target;
    private @Nullable String script;

    @Column(updatable = false)
    private Instant created = Instant.EPOCH;

    @Column(name = "created_by", updatable = false)
    private String createdBy = "";

    private String tags = "{}";
    private String properties = "{}";
    private String document = "{}";

    @Column(updatable = false)
    private boolean executed;

    @Column(table = RunWriter.STATUS_TABLE, insertable = false, updatable = false)
    private String status = "";

    @Column(table = RunWriter.STATUS_TABLE, insertable = false, updatable = false)
    private int attempt;

    @Column(table = RunWriter.STATUS_TABLE, insertable = false, updatable = false)
    private @Nullable Instant started;

    @Column(table = RunWriter.STATUS_TABLE, insertable = false, updatable = false)
    private @Nullable Instant ended;

    @Column(table = RunWriter.STATUS_TABLE, insertable = false, updatable = false)
    private @Nullable String error;

    @Column(table = RunWriter.STATUS_TABLE, insertable = false, updatable = false)
    private @Nullable Instant heartbeat;

    RunView view() {
        return new RunView(
                key.id(),
                experimentId,
                experiment,
                number,
                Optional.ofNullable(parent),
                root,
                Optional.ofNullable(displayName),
                Optional.ofNullable(name),
                Optional.ofNullable(description),
                hidden,
                Optional.ofNullable(runType),
                Optional.ofNullable(target),
                Optional.ofNullable(script),
                created,
                createdBy,
                Attributes.parse(tags),
                Attributes.parse(properties),
                Json.parse(document),
                executed,
                status,
                attempt,
                Optional.ofNullable(started),
                Optional.ofNullable(ended),
                Optional.ofNullable(error),
                Optional.ofNullable(heartbeat));
    }

    void hide(boolean now) {
        this.hidden = now;
    }

    void tag(Attributes all) {
        this.tags = RunLimits.kept(all);
    }

    void describe(Attributes all) {
        this.properties = RunLimits.properties(all).text();
    }

    void keep(ObjectNode all) {
        this.document = RunLimits.document("The run", all);
    }

    void displayName(String text) {
        this.displayName = RunLimits.text("displayName", text, RunLimits.DISPLAY_NAME);
    }

    void name(String text) {
        this.name = RunLimits.text("name", text, RunLimits.NAME);
    }

    void description(String text) {
        this.description = RunLimits.text("description", text, RunLimits.DESCRIPTION);
    }

    void runType(String text) {
        this.runType = RunLimits.text("runType", text, RunLimits.NAME);
    }

    void target(String text) {
        this.target = RunLimits.text("target", text, RunLimits.NAME);
    }

    void script(String text) {
        this.script = RunLimits.text("scriptName", text, RunLimits.SCRIPT);
    }
}
