package dev.malachite.server.identity;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which of a machine's identities a request for a token names. The names differ between the instance metadata service, both
 * versions of App Service, and the SDKs that ask them (azure-identity, msrestazure).
 */
record IdentityRequest(Optional<String> client, Optional<String> principal, Optional<String> resource) {

    static IdentityRequest of(HttpServletRequest request) {
        return new IdentityRequest(
                first(request, "client_id", "clientid"),
                first(request, "principal_id", "object_id"),
                first(request, "mi_res_id", "msi_res_id"));
    }

    private static Optional<String> first(HttpServletRequest request, String... names) {
        return Stream.of(names)
                .flatMap(name -> Optional.ofNullable(request.getParameter(name)).stream())
                .filter(value -> !value.isBlank())
                .findFirst();
    }

    /** The one that is meant; without a name the machine's own, or the only one that it has. Empty where none is. */
    Optional<NodeIdentity> choose(List<NodeIdentity> identities) {
        boolean named = client.isPresent() || principal.isPresent() || resource.isPresent();
        if (!named) {
            return identities.stream()
                    .filter(identity -> identity.resourceId().isEmpty() || identities.size() == 1)
                    .findFirst();
        }
        return identities.stream()
                .filter(is(client, NodeIdentity::clientId))
                .filter(is(principal, NodeIdentity::principalId))
                .filter(is(resource, identity -> identity.resourceId().orElse("")))
                .findFirst();
    }

    private static Predicate<NodeIdentity> is(Optional<String> asked, Function<NodeIdentity, String> part) {
        return identity -> asked.isEmpty() || asked.get().equalsIgnoreCase(part.apply(identity));
    }
}
