package dev.malachite.server.workspace;

import dev.malachite.engine.WorkspaceId;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/**
 * A workspace that exists. A controller that declares one as a parameter gets the one that its path names, or Azure's
 * 404 ends the request.
 *
 * @param id random, new with each creation
 * @param ref names in the case given at creation
 * @param location region, lower case without blanks, for example {@code koreacentral}
 * @param createdBy the name of the caller who made it
 * @param document the resource as received
 */
public record Workspace(
        WorkspaceId id, WorkspaceRef ref, String location, Instant createdOn, String createdBy, ObjectNode document) {

    public String armId() {
        return ref.armId();
    }

    public String name() {
        return ref.name();
    }
}
