package dev.malachite.server.identity;

import dev.malachite.server.start.GatewayListener;
import dev.malachite.server.web.Caller;
import dev.malachite.server.web.Json;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/**
 * Managed identity in the shapes of App Service (both versions), the cloud shell and the instance metadata service. A
 * job shows its run token in the place of App Service's secret and gets the identity of its
 * machine, or its own where the machine has none, never ours. Whoever it says that it is, its token may do what the run may.
 */
@RestController
class ManagedIdentityController {

    private final Tokens tokens;
    private final LiveRuns runs;
    private final InstanceTokens instances;
    private final GatewayListener gateways;
    private final ObjectProvider<NodeIdentities> identities;

    ManagedIdentityController(
            Tokens tokens,
            LiveRuns runs,
            InstanceTokens instances,
            GatewayListener gateways,
            ObjectProvider<NodeIdentities> identities) {
        this.identities = identities;
        this.instances = instances;
        this.tokens = tokens;
        this.runs = runs;
        this.gateways = gateways;
    }

    @RequestMapping(
            path = {"/msi/token", "/metadata/identity/oauth2/token"},
            method = {RequestMethod.GET, RequestMethod.POST})
    ResponseEntity<ObjectNode> token(HttpServletRequest request) {
        Optional<String> header = Stream.of("X-IDENTITY-HEADER", "secret")
                .flatMap(name -> Optional.ofNullable(request.getHeader(name)).stream())
                .findFirst();
        Optional<String> secret = header.or(() -> Optional.ofNullable(request.getParameter("secret")));
        // Azure refuses requests without a marker header: a page in a browser cannot set one.
        if (header.isEmpty() && !"true".equalsIgnoreCase(request.getHeader("Metadata"))) {
            return refused("Required metadata header not specified");
        }
        String resource = request.getParameter("resource");
        if (resource == null || resource.isBlank()) {
            return refused("The required parameter 'resource' is missing");
        }
        Optional<Jwt> shown = secret.flatMap(Jwt::decode);
        if (shown.filter(Jwt::isInstanceToken).isPresent()) {
            return secret.flatMap(instances::of)
                    .map(instance -> answer(
                            resource, client(request), instance.expires(), audience -> instances.issue(instance, audience)))
                    .map(ManagedIdentityController::granted)
                    .orElseGet(() -> refused("The compute instance of this token is not there any more"));
        }
        Optional<RunIdentity> run = secret.flatMap(runs::of);
        if (run.isEmpty() && shown.filter(Jwt::isRunToken).isPresent()) {
            return refused("The run of this token is not there any more");
        }
        if (run.isEmpty() && gateways.isFromJob(request)) {
            return refused("Jobs show their run token in the identity header");
        }
        if (run.isPresent()) {
            return ofMachine(request, resource, run.get());
        }
        String client = client(request);
        return granted(answer(
                resource,
                client,
                tokens.time().instant().plus(Tokens.LIFE),
                audience -> tokens.issue(
                        client,
                        audience,
                        Tokens.DEFAULT_TENANT,
                        Caller.of(request).base() + "/" + Tokens.DEFAULT_TENANT,
                        Map.of("appid", client, "name", "managed identity"))));
    }

    private ResponseEntity<ObjectNode> ofMachine(HttpServletRequest request, String resource, RunIdentity run) {
        List<NodeIdentity> machine =
                identities.stream().flatMap(known -> known.of(run).stream()).toList();
        Optional<NodeIdentity> chosen = IdentityRequest.of(request).choose(machine);
        if (!machine.isEmpty() && chosen.isEmpty()) {
            return refused("Identity not found"); // in the words of the instance metadata service
        }
        String client = chosen.map(NodeIdentity::clientId).orElseGet(() -> client(request));
        return granted(
                answer(resource, client, run.expires(), audience -> tokens.runToken(run, audience, chosen)));
    }

    private static ResponseEntity<ObjectNode> granted(ObjectNode answer) {
        return ResponseEntity.ok().header("Cache-Control", "no-store").body(answer);
    }

    private static String client(HttpServletRequest request) {
        return Optional.ofNullable(request.getParameter("client_id")).orElse(Tokens.DEFAULT_IDENTITY);
    }

    private ObjectNode answer(String resource, String client, Instant expires, UnaryOperator<String> tokenFor) {
        Instant now = tokens.time().instant();
        String audience =
                TokenGrants.withoutSlash(resource.endsWith("/.default") ? TokenGrants.resourceOf(resource) : resource);
        // Strings throughout, as App Service has them.
        return Json.object()
                .put("access_token", tokenFor.apply(audience))
                .put("token_type", "Bearer")
                .put("expires_in", Long.toString(Duration.between(now, expires).toSeconds()))
                .put("expires_on", Long.toString(expires.getEpochSecond()))
                .put("not_before", Long.toString(now.getEpochSecond()))
                .put("resource", resource)
                .put("client_id", client);
    }

    private static ResponseEntity<ObjectNode> refused(String why) {
        return ResponseEntity.badRequest()
                .body(Json.object().put("error", "invalid_request").put("error_description", why));
    }
}
