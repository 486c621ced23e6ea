package dev.malachite.server.compute;

import dev.malachite.engine.Target;
import dev.malachite.engine.TargetId;
import dev.malachite.server.identity.InstanceIdentity;
import dev.malachite.server.identity.InstanceStanding;
import dev.malachite.server.identity.Tokens;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.machine.Machines;
import dev.malachite.server.web.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Finds compute instances for those who want to open them, and says whose they are. */
@Component
class InstanceDirectory implements Machines, InstanceStanding {

    private final ControlLoop loop;

    InstanceDirectory(ControlLoop loop) {
        this.loop = loop;
    }

    @Override
    public Optional<Machine> find(String name, String region) {
        return instances()
                .filter(target -> target.id().name().equalsIgnoreCase(name)
                        && target.scope().location().equalsIgnoreCase(region))
                .findFirst()
                .map(this::machine);
    }

    @Override
    public boolean isLive(InstanceIdentity identity) {
        return loop.state()
                .target(new TargetId(identity.workspaceId(), identity.instance()))
                .filter(target -> made(target).equals(identity.made()))
                .isPresent();
    }

    /** Tells an instance from a later one of its name. */
    static String made(Target target) {
        return Long.toString(target.createdOn().toEpochMilli());
    }

    /** The one who works in it: the one whom it was created for, or else its creator. */
    static Person user(Target target) {
        ObjectNode inner = ComputeReader.inner(target);
        return assignee(inner).orElseGet(() -> creator(inner));
    }

    /** The directory that its user is in. */
    static String tenant(Target target) {
        ObjectNode inner = ComputeReader.inner(target);
        return Json.string(assigned(inner), "tenantId")
                .or(() -> Json.string(Json.objectAt(inner, "createdBy"), "userOrgId"))
                .orElse(Tokens.DEFAULT_TENANT);
    }

    private Machine machine(Target target) {
        ObjectNode inner = ComputeReader.inner(target);
        List<Person> owners = new ArrayList<>();
        assignee(inner).ifPresent(owners::add);
        owners.add(creator(inner));
        List<Person> neighbours = instances()
                .filter(other -> other.id().workspace().equals(target.id().workspace()))
                .map(ComputeReader::inner)
                .flatMap(other -> Stream.concat(assignee(other).stream(), Stream.of(creator(other))))
                .distinct()
                .toList();
        return new Machine(
                target.id(),
                target.runtime(),
                target.displayName(),
                target.scope().location(),
                owners,
                neighbours);
    }

    private Stream<Target> instances() {
        return loop.state().targets().stream().filter(Target::workplace);
    }

    private static Person creator(ObjectNode inner) {
        ObjectNode maker = Json.objectAt(inner, "createdBy");
        return new Person(
                Json.string(maker, "userId").orElse(Tokens.DEFAULT_OBJECT),
                Json.string(maker, "userName").orElse("its creator"));
    }

    private static Optional<Person> assignee(ObjectNode inner) {
        // Of the one whom it was created for nothing but the id is known.
        return Json.string(assigned(inner), "objectId").map(id -> new Person(id, id));
    }

    private static ObjectNode assigned(ObjectNode inner) {
        return Json.objectAt(Json.objectAt(inner, "personalComputeInstanceSettings"), "assignedUser");
    }
}
