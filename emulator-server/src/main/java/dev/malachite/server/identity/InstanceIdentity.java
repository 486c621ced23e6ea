package dev.malachite.server.identity;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.workspace.WorkspaceRef;
import java.time.Instant;

/**
 * What the machine of a compute instance shows for itself: it acts as its user, in its own workspace.
 *
 * @param workspace the only one that it is good for
 * @param workspaceId tells the workspace from a later one of its name
 * @param instance the compute's name
 * @param made tells the instance from a later one of its name
 * @param oid its user's object id in the directory
 * @param user its user's name
 * @param tenant its user's directory
 * @param expires in real time
 */
public record InstanceIdentity(
        WorkspaceRef workspace,
        WorkspaceId workspaceId,
        String instance,
        String made,
        String oid,
        String user,
        String tenant,
        Instant expires) {}
