package dev.malachite.server.compute;

import dev.malachite.engine.ComputeKind;
import dev.malachite.engine.Target;
import dev.malachite.server.resource.ArmId;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A kind that is another service's resource: it is attached by its ARM id, shown as it came, and detached. */
class ExternalWire implements WireKind {

    final Attachments attachments;
    private final ComputeKind.External.Service service;
    private final List<String> resources;

    /**
     * One kind.
     *
     * @param resources the ARM types that can be attached as it
     */
    ExternalWire(Attachments attachments, ComputeKind.External.Service service, List<String> resources) {
        this.attachments = attachments;
        this.service = service;
        this.resources = List.copyOf(resources);
    }

    @Override
    public final String type() {
        return service.wire();
    }

    @Override
    public final boolean covers(ComputeKind kind) {
        return kind instanceof ComputeKind.External external && external.service() == service;
    }

    @Override
    public ComputeKind read(Workspace workspace, ObjectNode resource) {
        Optional<ArmId> id = attachments.named(resource, resources);
        ObjectNode inner = Json.objectAt(Json.objectAt(resource, "properties"), "properties");
        if (!attaches(id, inner)) {
            requireCreatable(inner);
        }
        id.ifPresent(named -> check(workspace, named));
        check(inner);
        return new ComputeKind.External(service, attaches(id, inner), id.map(ArmId::text));
    }

    /** Whether it names what is there already. */
    boolean attaches(Optional<ArmId> id, ObjectNode inner) {
        return id.isPresent();
    }

    /** Refuses what cannot be made here. */
    void requireCreatable(ObjectNode inner) {
        throw Attachments.missing(service.wire(), resources);
    }

    /** Refuses a resource that this workspace cannot have. */
    void check(Workspace workspace, ArmId id) {}

    /** Refuses properties that the service refuses. */
    void check(ObjectNode inner) {}

    @Override
    public void settings(ObjectNode inner, Target target) {}

    /** What was declared of what a target stands for. */
    final ObjectNode declared(Target target) {
        return attachments.declared(resource(target));
    }

    @Override
    public final boolean attached(Target target) {
        return target.kind() instanceof ComputeKind.Elsewhere kind && kind.attached();
    }

    static Optional<String> resource(Target target) {
        return target.kind() instanceof ComputeKind.Elsewhere kind ? kind.resource() : Optional.empty();
    }
}
