package dev.malachite.server.identity;

import dev.malachite.api.AzureError;
import dev.malachite.api.Errors;
import java.util.Optional;

/**
 * What the token of a compute instance is good for: what a user may do who has a part in one workspace and in nothing else.
 * The workspace itself is not theirs to change, and of what is around it they see where it is.
 */
final class InstanceTokenRules {

    private InstanceTokenRules() {}

    /** Why the instance may not do this; empty when it may. */
    static Optional<AzureError> refuse(InstanceIdentity instance, String method, Route route) {
        boolean read = method.equals("GET") || method.equals("HEAD");
        boolean allowed = switch (route.kind()) {
            case DATA_PLANE -> isOwn(instance, route);
            case ARM -> isOwn(instance, route) ? read || !route.tail().isEmpty() : read && isAround(instance, route);
            case CONTROL, PAGE, DISCOVERY, LOGIN, MANAGED_IDENTITY, MACHINE, BLOB -> false;
        };
        return allowed
                ? Optional.empty()
                : Optional.of(
                        Errors.forbidden("The identity of the compute instance '%s' is good for its own workspace only."
                                .formatted(instance.instance())));
    }

    private static boolean isOwn(InstanceIdentity instance, Route route) {
        return route.workspace().filter(instance.workspace()::isSameAs).isPresent();
    }

    /** The subscriptions, its own one, its resource group, and their lists, which SDKs read on the way to a workspace. */
    private static boolean isAround(InstanceIdentity instance, Route route) {
        int depth = route.segments().size();
        if (depth == 1) {
            return true;
        }
        boolean subscription = route.at(0).equals("subscriptions")
                && route.at(1).equalsIgnoreCase(instance.workspace().subscription());
        return subscription
                && (depth == 2
                        || (route.at(2).equals("resourcegroups")
                                && (depth == 3
                                        || (depth == 4
                                                && route.at(3)
                                                        .equalsIgnoreCase(instance.workspace()
                                                                .resourceGroup())))));
    }
}
