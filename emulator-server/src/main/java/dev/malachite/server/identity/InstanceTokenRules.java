package dev.malachite.server.identity;

import dev.malachite.api.AzureError;
import dev.malachite.api.Errors;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the token of a compute instance is good for: what a user may do who has a part in one workspace and in nothing else.
 * The workspace itself is not theirs to change, and of what is around it they see where it is.
 */
final class InstanceTokenRules {

    private static final List<String> PROVIDER = List.of("providers", "microsoft.machinelearningservices");
    private static final Set<String> OF_PROVIDER = Set.of("registries", "workspaces");
    private static final Set<String> LISTS = Set.of("resources", "locations", "providers");

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

    /**
     * The subscriptions, its own one, its resource group, and their lists, which SDKs read on the way to a workspace; sizes,
     * usages and operations of the regions. Lists of workspaces show its own one alone ({@link CallerVisibility}).
     */
    private static boolean isAround(InstanceIdentity instance, Route route) {
        if (route.segments().size() == 1) {
            return true;
        }
        if (!route.at(0).equals("subscriptions")
                || !route.at(1).equalsIgnoreCase(instance.workspace().subscription())) {
            return false;
        }
        List<String> tail = route.below(2);
        if (!tail.isEmpty() && tail.getFirst().equals("resourcegroups")) {
            return tail.size() == 1
                    || (tail.get(1).equalsIgnoreCase(instance.workspace().resourceGroup())
                            && isAbout(tail.subList(2, tail.size())));
        }
        return isAbout(tail);
    }

    /** Of a subscription or a resource group: itself, or a list below it. */
    private static boolean isAbout(List<String> tail) {
        return switch (tail.size()) {
            case 0 -> true;
            case 1 -> LISTS.contains(tail.getFirst());
            default ->
                tail.subList(0, 2).equals(PROVIDER)
                        && (tail.size() == 2
                                || tail.get(2).equals("locations")
                                || (tail.size() == 3 && OF_PROVIDER.contains(tail.get(2))));
        };
    }
}
