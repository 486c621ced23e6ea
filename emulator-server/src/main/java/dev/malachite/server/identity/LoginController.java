package dev.malachite.server.identity;

import dev.malachite.server.web.Caller;
import dev.malachite.server.web.Json;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/**
 * The sign-in service under every authority that clients build: {@code /{tenant}}, {@code /adfs/{tenant}} (MSAL asks no
 * public host about an authority whose path begins with {@code adfs}) and {@code /adfs/tenants/{tenant}}.
 */
@RestController
class LoginController {

    private static final String CONFIGURATION = "/.well-known/openid-configuration";

    private final TokenGrants grants;
    private final Tokens tokens;

    LoginController(TokenGrants grants, Tokens tokens) {
        this.grants = grants;
        this.tokens = tokens;
    }

    @GetMapping("/**/.well-known/openid-configuration")
    ObjectNode configuration(HttpServletRequest request) {
        String authority = authority(request, CONFIGURATION);
        return Json.object()
                .put("issuer", authority + "/v2.0")
                .put("authorization_endpoint", authority + "/oauth2/v2.0/authorize")
                .put("token_endpoint", authority + "/oauth2/v2.0/token")
                .put("device_authorization_endpoint", authority + "/oauth2/v2.0/devicecode")
                .put("jwks_uri", authority + "/discovery/v2.0/keys")
                .put("cloud_instance_name", "malachite")
                .put("tenant_region_scope", "WW")
                .set("response_types_supported", Json.array().add("code").add("id_token"));
    }

    @PostMapping("/**/oauth2/v2.0/token")
    ResponseEntity<ObjectNode> token(HttpServletRequest request) {
        return grants.answer(request, authority(request, "/oauth2/v2.0/token"), false);
    }

    /** The older form, asked by ADAL and by the Azure CLI's predecessors: a resource in the place of a scope. */
    @PostMapping("/**/oauth2/token")
    ResponseEntity<ObjectNode> tokenForResource(HttpServletRequest request) {
        return grants.answer(request, authority(request, "/oauth2/token"), true);
    }

    @GetMapping({"/**/discovery/v2.0/keys", "/**/discovery/keys"})
    ResponseEntity<String> keys() {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(tokens.publicKeys());
    }

    /** Asked of the public login host about authorities that MSAL does not know; here every one is known. */
    @GetMapping("/common/discovery/instance")
    ObjectNode instance() {
        String base = Caller.current().base();
        ObjectNode answer = Json.object()
                .put("tenant_discovery_endpoint", base + "/" + Tokens.DEFAULT_TENANT + "/v2.0" + CONFIGURATION)
                .put("api-version", "1.1");
        answer.putArray("metadata")
                .addObject()
                .put("preferred_network", Caller.current().host())
                .put("preferred_cache", Caller.current().host())
                .putArray("aliases")
                .add(Caller.current().host())
                .add("login.microsoftonline.com")
                .add("login.windows.net");
        return answer;
    }

    /** Asked by MSAL before a sign-in by name and password. */
    @GetMapping("/common/userrealm/{user}")
    ObjectNode realm(@PathVariable String user) {
        int at = user.lastIndexOf('@');
        return Json.object()
                .put("ver", "1.0")
                .put("account_type", "Managed")
                .put("domain_name", at < 0 ? "malachite" : user.substring(at + 1))
                .put("cloud_instance_name", "malachite")
                .put("cloud_audience_urn", "urn:federation:MicrosoftOnline");
    }

    /** Everything in front of the end of the path, without {@code /v2.0}, which belongs to the endpoint. */
    private static String authority(HttpServletRequest request, String end) {
        String path = request.getRequestURI();
        String authority = path.substring(0, path.length() - end.length());
        if (authority.toLowerCase(Locale.ROOT).endsWith("/v2.0")) {
            authority = authority.substring(0, authority.length() - "/v2.0".length());
        }
        return Caller.of(request).base() + authority;
    }
}
