package dev.malachite.server.workspace;

/** What workspaces must know of resource groups; the part that plays Azure Resource Manager provides it. */
public interface ResourceGroups {

    /** Whether the group exists; names compare without case. */
    boolean exists(String subscription, String group);
}
