package dev.malachite.server.store;

import dev.malachite.engine.Change;
import dev.malachite.engine.Child;
import dev.malachite.engine.Eviction;
import dev.malachite.engine.Fault;
import dev.malachite.engine.FaultId;
import dev.malachite.engine.Image;
import dev.malachite.engine.ImageKey;
import dev.malachite.engine.Job;
import dev.malachite.engine.JobId;
import dev.malachite.engine.JobPhase;
import dev.malachite.engine.Node;
import dev.malachite.engine.NodeId;
import dev.malachite.engine.NodePhase;
import dev.malachite.engine.Operation;
import dev.malachite.engine.OperationId;
import dev.malachite.engine.Parent;
import dev.malachite.engine.Provisioning;
import dev.malachite.engine.QuotaKey;
import dev.malachite.engine.QuotaScope;
import dev.malachite.engine.RuntimeKind;
import dev.malachite.engine.State;
import dev.malachite.engine.Target;
import dev.malachite.engine.TargetError;
import dev.malachite.engine.TargetId;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.event.EngineJson;
import dev.malachite.server.fault.FaultJson;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** Reads the engine's state at start: jobs that have ended stay on disk. */
final class StateReader {

    private static final Logger LOG = LoggerFactory.getLogger(StateReader.class);

    private final JdbcOperations jdbc;

    StateReader(NamedParameterJdbcTemplate jdbc) {
        this.jdbc = jdbc.getJdbcOperations();
    }

    State read() {
        List<Change> changes = new ArrayList<>();
        changes.addAll(jdbc.query("select * from target", (row, n) -> new Change.TargetPut(target(row))));
        changes.addAll(jdbc.query(
                "select standing from instance",
                (row, n) -> new Change.InstancePut(EngineJson.readInstance(row.getString("standing")))));
        changes.addAll(jdbc.query("select * from node", (row, n) -> new Change.NodePut(node(row))));
        changes.addAll(jdbc.query("select * from job where live", (row, n) -> new Change.JobPut(job(row))));
        changes.addAll(jdbc.query("select * from image", (row, n) -> new Change.ImagePut(image(row))));
        changes.addAll(jdbc.query("select * from operation", (row, n) -> new Change.OperationPut(operation(row))));
        changes.addAll(jdbc.query(
                "select * from quota_limit",
                (row, n) -> new Change.LimitSet(
                        new QuotaKey(
                                new QuotaScope(row.getString("subscription_id"), row.getString("location")),
                                row.getString("pool")),
                        Optional.of(row.getLong("cores")))));
        jdbc.query("select * from fault", (row, n) -> fault(row)).stream()
                .flatMap(Optional::stream)
                .forEach(fault -> changes.add(new Change.FaultPut(fault)));
        changes.addAll(jdbc.query("select * from parent", (row, n) -> new Change.ParentPut(parent(row))));
        changes.addAll(jdbc.query("select * from child", (row, n) -> new Change.ChildPut(child(row))));
        changes.addAll(jdbc.query(
                "select value_ from counter where name = 'sequence'",
                (row, n) -> new Change.Counted(row.getLong("value_"))));
        return State.empty().apply(changes);
    }

    private static Target target(ResultSet row) throws SQLException {
        return new Target(
                new TargetId(new WorkspaceId(row.getString("workspace_id")), row.getString("name")),
                row.getString("display_name"),
                KindJson.read(row.getString("kind")),
                new QuotaScope(row.getString("subscription_id"), row.getString("location")),
                row.getString("document"),
                RuntimeKind.valueOf(row.getString("runtime")),
                Provisioning.valueOf(row.getString("provisioning")),
                row.getBoolean("resizing"),
                time(row, "allocation_since").orElseThrow(),
                TargetErrorJson.read(row.getString("errors")),
                row.getInt("nodes_made"),
                row.getInt("failures"),
                time(row, "retry_at"),
                Optional.ofNullable(row.getString("deletion")).map(OperationId::new),
                time(row, "created_on").orElseThrow(),
                time(row, "modified_on").orElseThrow());
    }

    private static Node node(ResultSet row) throws SQLException {
        WorkspaceId workspace = new WorkspaceId(row.getString("workspace_id"));
        return new Node(
                new NodeId(row.getString("id")),
                new TargetId(workspace, row.getString("target")),
                row.getInt("slot"),
                RuntimeKind.valueOf(row.getString("runtime")),
                NodePhase.valueOf(row.getString("phase")),
                row.getInt("generation"),
                row.getBoolean("ready"),
                new ImageKey(row.getString("image")),
                Optional.ofNullable(row.getString("job")).map(run -> new JobId(workspace, run)),
                time(row, "since").orElseThrow(),
                time(row, "held_until"),
                eviction(row),
                Optional.ofNullable(row.getString("fault")).map(FaultId::new));
    }

    private static Job job(ResultSet row) throws SQLException {
        WorkspaceId workspace = new WorkspaceId(row.getString("workspace_id"));
        return new Job(
                new JobId(workspace, row.getString("run_id")),
                new TargetId(workspace, row.getString("target")),
                row.getLong("sequence_number"),
                row.getInt("priority"),
                JobPhase.valueOf(row.getString("phase")),
                row.getInt("attempt"),
                new ImageKey(row.getString("image")),
                row.getInt("node_count"),
                row.getInt("serving"),
                Optional.ofNullable(row.getObject("max_run_seconds", Long.class))
                        .map(Duration::ofSeconds),
                Rows.nodes(row.getString("nodes")),
                Rows.nodes(row.getString("after_nodes")),
                time(row, "submitted").orElseThrow(),
                time(row, "started"),
                time(row, "attempt_started"),
                Rows.exits(row.getString("exits")),
                Optional.ofNullable(row.getString("stop_reason")).map(Job.StopReason::valueOf),
                row.getString("error"),
                Optional.ofNullable(row.getObject("rule_number", Integer.class)));
    }

    private static Parent parent(ResultSet row) throws SQLException {
        return new Parent(
                new JobId(new WorkspaceId(row.getString("workspace_id")), row.getString("run_id")),
                row.getLong("sequence_number"),
                EngineJson.readPlan(row.getString("plan")),
                JobPhase.valueOf(row.getString("phase")),
                Optional.ofNullable(row.getString("outcome")).map(JobPhase::valueOf),
                time(row, "submitted").orElseThrow(),
                time(row, "started"),
                row.getString("error"));
    }

    private static Child child(ResultSet row) throws SQLException {
        WorkspaceId workspace = new WorkspaceId(row.getString("workspace_id"));
        return new Child(
                new JobId(workspace, row.getString("parent")),
                row.getString("name"),
                new JobId(workspace, row.getString("run_id")),
                Child.Phase.valueOf(row.getString("phase")),
                time(row, "since").orElseThrow(),
                Optional.ofNullable(row.getString("trial")).map(EngineJson::readTrial));
    }

    private static Optional<Eviction> eviction(ResultSet row) throws SQLException {
        Optional<Instant> due = time(row, "eviction_due");
        return due.isEmpty()
                ? Optional.empty()
                : Optional.of(new Eviction(
                        time(row, "eviction_noticed").orElseThrow(), due.get(), row.getBoolean("eviction_retry")));
    }

    /** One that this version would refuse must not keep the emulator from starting. */
    private static Optional<Fault> fault(ResultSet row) throws SQLException {
        Fault.Effect effect;
        try {
            effect = FaultJson.read(Json.parse(row.getString("effect")));
        } catch (AzureException e) {
            LOG.warn("fault {} is left out: {}", row.getString("id"), e.error().message());
            return Optional.empty();
        }
        String target = row.getString("target");
        return Optional.of(new Fault(
                new FaultId(row.getString("id")),
                row.getLong("sequence_number"),
                time(row, "since").orElseThrow(),
                time(row, "begins_at"),
                time(row, "ends_at"),
                target == null
                        ? Optional.empty()
                        : Optional.of(new TargetId(new WorkspaceId(row.getString("workspace_id")), target)),
                Optional.ofNullable(row.getObject("times_left", Integer.class)),
                Optional.ofNullable(row.getObject("met", Integer.class)),
                effect));
    }

    private static Image image(ResultSet row) throws SQLException {
        return new Image(
                new ImageKey(row.getString("image_key")),
                RuntimeKind.valueOf(row.getString("runtime")),
                Optional.ofNullable(row.getString("reference")));
    }

    private static Operation operation(ResultSet row) throws SQLException {
        return new Operation(
                new OperationId(row.getString("id")),
                row.getLong("sequence_number"),
                new TargetId(new WorkspaceId(row.getString("workspace_id")), row.getString("target")),
                row.getBoolean("done"),
                time(row, "started_on").orElseThrow(),
                failure(row));
    }

    private static Optional<TargetError> failure(ResultSet row) throws SQLException {
        Optional<Instant> at = time(row, "error_at");
        return at.isEmpty()
                ? Optional.empty()
                : Optional.of(new TargetError(row.getString("error_code"), row.getString("error_message"), at.get()));
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }
}
