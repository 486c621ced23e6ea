package dev.malachite.server.store;

import dev.malachite.engine.Change;
import dev.malachite.engine.Child;
import dev.malachite.engine.Eviction;
import dev.malachite.engine.Fault;
import dev.malachite.engine.FaultId;
import dev.malachite.engine.Image;
import dev.malachite.engine.ImageKey;
import dev.malachite.engine.Instance;
import dev.malachite.engine.Job;
import dev.malachite.engine.JobId;
import dev.malachite.engine.Node;
import dev.malachite.engine.NodeId;
import dev.malachite.engine.Operation;
import dev.malachite.engine.OperationId;
import dev.malachite.engine.Parent;
import dev.malachite.engine.QuotaKey;
import dev.malachite.engine.Target;
import dev.malachite.engine.TargetError;
import dev.malachite.engine.TargetId;
import dev.malachite.server.database.Row;
import dev.malachite.server.database.Table;
import dev.malachite.server.event.EngineJson;
import dev.malachite.server.fault.FaultJson;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.web.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** How each thing of the engine's becomes a row. */
final class Rows {

    static final Table TARGET = new Table(
            "target",
            List.of("workspace_id", "name"),
            List.of(
                    "display_name",
                    "kind",
                    "subscription_id",
                    "location",
                    "document",
                    "runtime",
                    "provisioning",
                    "resizing",
                    "allocation_since",
                    "errors",
                    "nodes_made",
                    "failures",
                    "retry_at",
                    "deletion",
                    "created_on",
                    "modified_on"));
    static final Table NODE = new Table(
            "node",
            List.of("id"),
            List.of(
                    "workspace_id",
                    "target",
                    "slot",
                    "runtime",
                    "phase",
                    "generation",
                    "ready",
                    "image",
                    "job",
                    "since",
                    "held_until",
                    "eviction_noticed",
                    "eviction_due",
                    "eviction_retry",
                    "fault"));
    static final Table JOB = new Table(
            "job",
            List.of("sequence_number"),
            List.of(
                    "workspace_id",
                    "run_id",
                    "target",
                    "priority",
                    "phase",
                    "live",
                    "attempt",
                    "image",
                    "node_count",
                    "serving",
                    "max_run_seconds",
                    "nodes",
                    "after_nodes",
                    "submitted",
                    "started",
                    "attempt_started",
                    "exit_code",
                    "exits",
                    "stop_reason",
                    "error",
                    "rule_number"));
    static final Table IMAGE = new Table("image", List.of("image_key"), List.of("runtime", "reference"));
    static final Table IMAGE_DEFINITION = new Table("image_definition", List.of("image_key"), List.of("definition"));
    static final Table OPERATION = new Table(
            "operation",
            List.of("id"),
            List.of(
                    "sequence_number",
                    "workspace_id",
                    "target",
                    "done",
                    "started_on",
                    "error_code",
                    "error_message",
                    "error_at"));
    static final Table INSTANCE = new Table("instance", List.of("workspace_id", "name"), List.of("standing"));
    static final Table LIMIT =
            new Table("quota_limit", List.of("subscription_id", "location", "pool"), List.of("cores"));
    static final Table FAULT = new Table(
            "fault",
            List.of("id"),
            List.of(
                    "sequence_number",
                    "since",
                    "begins_at",
                    "ends_at",
                    "workspace_id",
                    "target",
                    "times_left",
                    "met",
                    "effect"));
    static final Table PARENT = new Table(
            "parent",
            List.of("sequence_number"),
            List.of("workspace_id", "run_id", "plan", "phase", "outcome", "submitted", "started", "error"));
    static final Table CHILD =
            new Table("child", List.of("workspace_id", "run_id"), List.of("parent", "name", "phase", "since", "trial"));
    static final Table COUNTER = new Table("counter", List.of("name"), List.of("value_"));
    static final Table CLOCK = new Table("clock", List.of("id"), List.of("kind", "speed", "at_micros", "real_micros"));

    private Rows() {}

    static Row of(Target target) {
        return new Row(TARGET)
                .addValue("workspace_id", target.id().workspace().value())
                .addValue("name", target.id().name())
                .addValue("display_name", target.displayName())
                .addValue("kind", KindJson.write(target.kind()))
                .addValue("subscription_id", target.scope().subscription())
                .addValue("location", target.scope().location())
                .addValue("document", target.document())
                .addValue("runtime", target.runtime().name())
                .addValue("provisioning", target.provisioning().name())
                .addValue("resizing", target.resizing())
                .addValue("allocation_since", target.allocationSince())
                .addValue("errors", TargetErrorJson.write(target.errors()))
                .addValue("nodes_made", target.nodesMade())
                .addValue("failures", target.failures())
                .addValue("retry_at", target.retryAt().orElse(null))
                .addValue("deletion", target.deletion().map(OperationId::value).orElse(null))
                .addValue("created_on", target.createdOn())
                .addValue("modified_on", target.modifiedOn());
    }

    static Row key(TargetId id) {
        return new Row(TARGET).addValue("workspace_id", id.workspace().value()).addValue("name", id.name());
    }

    static Row of(Instance instance) {
        return instance(instance.id()).addValue("standing", EngineJson.write(instance));
    }

    static Row instance(TargetId id) {
        return new Row(INSTANCE)
                .addValue("workspace_id", id.workspace().value())
                .addValue("name", id.name());
    }

    static Row of(Node node) {
        return new Row(NODE)
                .addValue("id", node.id().value())
                .addValue("workspace_id", node.target().workspace().value())
                .addValue("target", node.target().name())
                .addValue("slot", node.slot())
                .addValue("runtime", node.runtime().name())
                .addValue("phase", node.phase().name())
                .addValue("generation", node.generation())
                .addValue("ready", node.ready())
                .addValue("image", node.image().value())
                .addValue("job", node.job().map(JobId::run).orElse(null))
                .addValue("since", node.since())
                .addValue("held_until", node.heldUntil().orElse(null))
                .addValue(
                        "eviction_noticed",
                        node.eviction().map(Eviction::noticed).orElse(null))
                .addValue("eviction_due", node.eviction().map(Eviction::due).orElse(null))
                .addValue("eviction_retry", node.eviction().map(Eviction::retry).orElse(null))
                .addValue("fault", node.fault().map(FaultId::value).orElse(null));
    }

    static Row key(NodeId id) {
        return new Row(NODE).addValue("id", id.value());
    }

    static Row of(Job job) {
        return new Row(JOB)
                .addValue("sequence_number", job.sequence())
                .addValue("workspace_id", job.id().workspace().value())
                .addValue("run_id", job.id().run())
                .addValue("target", job.target().name())
                .addValue("priority", job.priority())
                .addValue("phase", job.phase().name())
                .addValue("live", !job.phase().terminal())
                .addValue("attempt", job.attempt())
                .addValue("image", job.image().value())
                .addValue("node_count", job.nodeCount())
                .addValue("serving", job.serving())
                .addValue(
                        "max_run_seconds", job.maxRun().map(Duration::toSeconds).orElse(null))
                .addValue("nodes", nodes(job.nodes()))
                .addValue("after_nodes", nodes(job.after()))
                .addValue("submitted", job.submitted())
                .addValue("started", job.started().orElse(null))
                .addValue("attempt_started", job.attemptStarted().orElse(null))
                .addValue("exit_code", job.exitCode().orElse(null))
                .addValue("exits", exits(job.exits()))
                .addValue("stop_reason", job.stop().map(Enum::name).orElse(null))
                .addValue("error", job.error())
                .addValue("rule_number", job.number().orElse(null));
    }

    static Row of(Image image) {
        return new Row(IMAGE)
                .addValue("image_key", image.key().value())
                .addValue("runtime", image.runtime().name())
                .addValue("reference", image.reference().orElse(null));
    }

    static Row of(ImageDefinition definition) {
        return new Row(IMAGE_DEFINITION)
                .addValue("image_key", definition.key().value())
                .addValue("definition", Json.mapper().writeValueAsString(definition));
    }

    static Row key(Job job) {
        return new Row(JOB).addValue("sequence_number", job.sequence());
    }

    static Row key(ImageKey key) {
        return new Row(IMAGE).addValue("image_key", key.value());
    }

    static Row of(Operation operation) {
        return new Row(OPERATION)
                .addValue("id", operation.id().value())
                .addValue("sequence_number", operation.sequence())
                .addValue("workspace_id", operation.target().workspace().value())
                .addValue("target", operation.target().name())
                .addValue("done", operation.done())
                .addValue("started_on", operation.startedOn())
                .addValue(
                        "error_code", operation.failure().map(TargetError::code).orElse(null))
                .addValue(
                        "error_message",
                        operation.failure().map(TargetError::message).orElse(null))
                .addValue("error_at", operation.failure().map(TargetError::at).orElse(null));
    }

    static Row key(OperationId id) {
        return new Row(OPERATION).addValue("id", id.value());
    }

    static Row key(QuotaKey key) {
        return new Row(LIMIT)
                .addValue("subscription_id", key.scope().subscription())
                .addValue("location", key.scope().location())
                .addValue("pool", key.pool());
    }

    static Row limit(QuotaKey key, long cores) {
        return key(key).addValue("cores", cores);
    }

    static Row of(Fault fault) {
        return new Row(FAULT)
                .addValue("id", fault.id().value())
                .addValue("sequence_number", fault.sequence())
                .addValue("since", fault.since())
                .addValue("begins_at", fault.begins().orElse(null))
                .addValue("ends_at", fault.ends().orElse(null))
                .addValue(
                        "workspace_id",
                        fault.target().map(target -> target.workspace().value()).orElse(null))
                .addValue("target", fault.target().map(TargetId::name).orElse(null))
                .addValue("times_left", fault.timesLeft().orElse(null))
                .addValue("met", fault.met().orElse(null))
                .addValue("effect", Json.text(FaultJson.write(fault.effect())));
    }

    static Row key(FaultId id) {
        return new Row(FAULT).addValue("id", id.value());
    }

    static Row of(Parent parent) {
        return key(parent)
                .addValue("workspace_id", parent.id().workspace().value())
                .addValue("run_id", parent.id().run())
                .addValue("plan", EngineJson.write(parent.plan()))
                .addValue("phase", parent.phase().name())
                .addValue("outcome", parent.outcome().map(Enum::name).orElse(null))
                .addValue("submitted", parent.submitted())
                .addValue("started", parent.started().orElse(null))
                .addValue("error", parent.error());
    }

    static Row key(Parent parent) {
        return new Row(PARENT).addValue("sequence_number", parent.sequence());
    }

    static Row of(Child child) {
        return child(child.run())
                .addValue("parent", child.parent().run())
                .addValue("name", child.name())
                .addValue("phase", child.phase().name())
                .addValue("since", child.since())
                .addValue("trial", child.trial().map(EngineJson::write).orElse(null));
    }

    static Row child(JobId run) {
        return new Row(CHILD).addValue("workspace_id", run.workspace().value()).addValue("run_id", run.run());
    }

    static Row of(Change.Counted counted) {
        return new Row(COUNTER).addValue("name", "sequence").addValue("value_", counted.sequence());
    }

    static Row of(KeptClock clock) {
        return new Row(CLOCK)
                .addValue("id", 1)
                .addValue("kind", clock.kind())
                .addValue("speed", clock.speed())
                .addValue("at_micros", ChronoUnit.MICROS.between(Instant.EPOCH, clock.at()))
                .addValue("real_micros", ChronoUnit.MICROS.between(Instant.EPOCH, clock.real()));
    }

    private static String nodes(List<NodeId> nodes) {
        return switch (nodes.size()) {
            case 0 -> "";
            case 1 -> nodes.getFirst().value();
            default -> nodes.stream().map(NodeId::value).collect(Collectors.joining(","));
        };
    }

    static List<NodeId> nodes(String stored) {
        return stored.isEmpty()
                ? List.of()
                : Arrays.stream(stored.split(",", -1)).map(NodeId::new).toList();
    }

    private static String exits(List<Job.Exit> exits) {
        return exits.stream()
                .map(exit -> exit.node() + ":" + exit.code() + ":" + exit.kept())
                .collect(Collectors.joining(","));
    }

    static List<Job.Exit> exits(String stored) {
        return stored.isEmpty()
                ? List.of()
                : Arrays.stream(stored.split(",", -1))
                        .map(exit -> exit.split(":", -1))
                        .map(parts -> new Job.Exit(
                                new NodeId(parts[0]), Integer.parseInt(parts[1]), Boolean.parseBoolean(parts[2])))
                        .toList();
    }
}
