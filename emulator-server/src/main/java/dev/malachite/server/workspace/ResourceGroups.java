package dev.malachite.server.workspace;

import org.jspecify.annotations.Nullable;

/** What workspaces must know of resource groups; the part that plays Azure Resource Manager provides it. */
public interface ResourceGroups {

    /** Whether the group exists; names compare without case. */
    boolean exists(String subscription, String group);

    /** Removes all groups, or those of one subscription; their workspaces are gone already. */
    void forget(@Nullable String subscription);
}
