package dev.malachite.server.workspace;

/**
 * A workspace as a path names it; case as the caller wrote it. A controller that declares one gets it from its path
 * variables {@code sub}, {@code rg} and {@code ws}.
 */
public record WorkspaceRef(String subscription, String resourceGroup, String name) {

    /** The path variables and keywords under which every workspace-scoped route stands. */
    public static final String PATH =
            "/subscriptions/{sub}/resourceGroups/{rg}/providers/Microsoft.MachineLearningServices/workspaces/{ws}";

    /** Whether both name the same workspace; names compare without case. */
    public boolean isSameAs(WorkspaceRef other) {
        return subscription.equalsIgnoreCase(other.subscription)
                && resourceGroup.equalsIgnoreCase(other.resourceGroup)
                && name.equalsIgnoreCase(other.name);
    }

    /** The ARM id with Azure's own casing: clients match it with case. */
    public String armId() {
        return "/subscriptions/%s/resourceGroups/%s/providers/Microsoft.MachineLearningServices/workspaces/%s"
                .formatted(subscription, resourceGroup, name);
    }
}
