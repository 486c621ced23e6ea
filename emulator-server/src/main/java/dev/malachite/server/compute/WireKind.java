package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.engine.Command;
import dev.malachite.engine.ComputeKind;
import dev.malachite.engine.Operation;
import dev.malachite.engine.OperationId;
import dev.malachite.engine.Power;
import dev.malachite.engine.State;
import dev.malachite.engine.Target;
import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.workspace.Workspace;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * One kind of compute on the wire: how it is read and shown, and what can be asked of it. A component of this type is all
 * that a new kind needs here; what it leaves as it is here, its targets refuse.
 */
interface WireKind {

    /** What clusters may be called. */
    Pattern CLUSTER_NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9-]{0,30}[a-zA-Z0-9]");

    /** What the service calls it: {@code properties.computeType}. */
    String type();

    /** Whether targets of this kind are shown and asked here. */
    boolean covers(ComputeKind kind);

    /**
     * Reads a resource that a client wants to have.
     *
     * @param resource all of it: {@code properties}, within them the {@code properties} of the kind
     */
    ComputeKind read(Workspace workspace, ObjectNode resource);

    /** What stays as it was asked for: laid over the stored properties of the kind. */
    void settings(ObjectNode inner, Target target);

    /** Lays what we keep ourselves over a resource as a client sent it; {@code known} is what was there. */
    default void complete(ObjectNode resource, Optional<Target> known, CallerIdentity caller) {}

    /** Is told that a target was made or changed. */
    default void changed(Target target) {}

    /** What the service says of its life as a resource. */
    default String provisioning(Target target, State state) {
        return switch (target.provisioning()) {
            case SUCCEEDED -> "Succeeded";
            case DELETING -> "Deleting";
            case FAILED -> "Failed";
        };
    }

    /** What changes by itself. */
    default void live(ObjectNode inner, Target target, State state) {}

    /** What the answer to a PUT shows in place of {@link #live}: the members of which nothing is known yet. */
    default List<String> unknownAtFirst() {
        return List.of();
    }

    /** What its targets may be called, in api-versions before the published pattern (service-facts, Names). */
    default Pattern names() {
        return CLUSTER_NAME;
    }

    /** What to say of a name that does not match the pattern. */
    default String misnamed(String name, Pattern pattern) {
        return "Compute name '%s' is not valid. A name for a compute must match '^%s$'."
                .formatted(name, pattern.pattern());
    }

    /** Members of the kind's properties, wherever in them, that are never kept as they came nor shown. */
    default Collection<String> secrets() {
        return List.of();
    }

    /** What an update does not change. */
    default List<FixedField> fixed() {
        return List.of();
    }

    /** Whether the target is somebody else's and only attached here. */
    default boolean attached(Target target) {
        return false;
    }

    /** What POST listNodes answers. */
    default ObjectNode nodes(Target target, State state) {
        throw unsupported("ComputeListNodes");
    }

    /** What POST listKeys answers. */
    default ObjectNode keys(Target target) {
        throw unsupported("ComputeListKeys");
    }

    /** What starts, stops or restarts a target. */
    default Command.Wish<Operation> power(Power power, Target target, OperationId operation) {
        throw new AzureException(
                Errors.userError("Compute '%s' is %s; only compute instances are started, stopped and restarted."
                        .formatted(target.displayName(), article())));
    }

    /** Refuses to switch single sign-on where a target has none. */
    default void requireSignOn(Target target) {
        throw new AzureException(Errors.userError(
                "Compute '%s' is %s; single sign-on is not supported for it, only for compute instances."
                        .formatted(target.displayName(), article())));
    }

    /** What it is in a sentence, with its article. */
    default String article() {
        return "of the type " + type();
    }

    private AzureException unsupported(String what) {
        return new AzureException(Errors.userError("%s with computeType %s is not supported.".formatted(what, type())));
    }
}
