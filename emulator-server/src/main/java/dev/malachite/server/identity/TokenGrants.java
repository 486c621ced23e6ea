package dev.malachite.server.identity;

import dev.malachite.server.web.Json;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Turns a token request into a token: every secret is right, but the request must be whole. */
@Component
class TokenGrants {

    private static final Set<String> NOT_A_RESOURCE = Set.of("openid", "profile", "offline_access", "email");

    private static final Pattern GUID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private static final String DEFAULT_RESOURCE = "https://management.azure.com";

    private final Tokens tokens;

    TokenGrants(Tokens tokens) {
        this.tokens = tokens;
    }

    /** A sign-in that cannot be; the message begins with Microsoft's code, because clients look for it. */
    private static final class Refused extends RuntimeException {
        private final HttpStatus status;
        private final String error;

        Refused(HttpStatus status, String error, String description) {
            super(description, null, false, false);
            this.status = status;
            this.error = error;
        }
    }

    ResponseEntity<ObjectNode> answer(HttpServletRequest request, String authority, boolean forResource) {
        try {
            return ResponseEntity.ok().header("Cache-Control", "no-store").body(grant(request, authority, forResource));
        } catch (Refused refused) {
            return ResponseEntity.status(refused.status)
                    .body(error(refused.error, String.valueOf(refused.getMessage())));
        }
    }

    private ObjectNode grant(HttpServletRequest request, String authority, boolean forResource) {
        String grant = required(request, "grant_type");
        return switch (grant) {
            case "client_credentials" -> {
                String client = required(request, "client_id");
                if (parameter(request, "client_secret").isEmpty()
                        && parameter(request, "client_assertion").isEmpty()) {
                    throw new Refused(
                            HttpStatus.UNAUTHORIZED,
                            "invalid_client",
                            "AADSTS7000216: 'client_assertion', 'client_secret' or 'request' is required for the"
                                    + " 'client_credentials' grant type.");
                }
                yield access(request, authority, client, client, forResource);
            }
            case "password" -> {
                String user = required(request, "username");
                required(request, "password");
                yield forUser(request, authority, user, forResource);
            }
            case "refresh_token" -> {
                String user = Jwt.decode(required(request, "refresh_token"))
                        .map(jwt -> jwt.string("sub", ""))
                        .filter(name -> !name.isEmpty())
                        .orElseThrow(() -> new Refused(
                                HttpStatus.BAD_REQUEST,
                                "invalid_grant",
                                "AADSTS9002313: Invalid request. The refresh token is malformed or invalid."));
                yield forUser(request, authority, user, forResource);
            }
            default ->
                throw new Refused(
                        HttpStatus.BAD_REQUEST,
                        "unsupported_grant_type",
                        "AADSTS70003: The app requested an unsupported grant type '%s'.".formatted(grant));
        };
    }

    private ObjectNode forUser(HttpServletRequest request, String authority, String user, boolean forResource) {
        String client = parameter(request, "client_id").orElse(user);
        String tenant = tenant(authority);
        ObjectNode answer = access(request, authority, user, client, forResource);
        answer.put("refresh_token", tokens.issue(user, "refresh", tenant, authority + "/v2.0", Map.of()));
        answer.put(
                "id_token",
                tokens.issue(
                        user, client, tenant, authority + "/v2.0", Map.of("preferred_username", user, "name", user)));
        ObjectNode clientInfo = Json.object().put("uid", Tokens.objectId(user)).put("utid", tenant);
        answer.put(
                "client_info",
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(Json.text(clientInfo).getBytes(StandardCharsets.UTF_8)));
        return answer;
    }

    private ObjectNode access(
            HttpServletRequest request, String authority, String subject, String client, boolean forResource) {
        String resource = forResource ? resource(request) : scope(request);
        String audience = withoutSlash(resource);
        Map<String, String> claims = new HashMap<>();
        claims.put("appid", client);
        claims.put("name", subject);
        if (!subject.equals(client)) {
            claims.put("upn", subject);
        }
        Instant now = tokens.time().instant();
        ObjectNode answer = Json.object()
                .put("token_type", "Bearer")
                .put("access_token", tokens.issue(subject, audience, tenant(authority), authority, claims));
        long seconds = Tokens.LIFE.toSeconds();
        if (forResource) {
            return answer.put("expires_in", Long.toString(seconds))
                    .put("ext_expires_in", Long.toString(seconds))
                    .put("expires_on", Long.toString(now.getEpochSecond() + seconds))
                    .put("not_before", Long.toString(now.getEpochSecond()))
                    .put("resource", resource);
        }
        return answer.put("expires_in", seconds).put("ext_expires_in", seconds).put("scope", resource + "/.default");
    }

    private static String resource(HttpServletRequest request) {
        return parameter(request, "resource").orElse(DEFAULT_RESOURCE);
    }

    /** The one scope that names a resource; it may stand anywhere among those that do not. */
    private static String scope(HttpServletRequest request) {
        return Arrays.stream(required(request, "scope").split("\\s+"))
                .filter(scope -> !NOT_A_RESOURCE.contains(scope) && !scope.isBlank())
                .findFirst()
                .map(TokenGrants::resourceOf)
                .orElse("https://graph.microsoft.com");
    }

    static String resourceOf(String scope) {
        if (scope.endsWith("/.default")) {
            return withoutSlash(scope.substring(0, scope.length() - "/.default".length()));
        }
        int slash = scope.lastIndexOf('/');
        return slash > scope.indexOf("://") + 2 ? scope.substring(0, slash) : scope;
    }

    static String withoutSlash(String resource) {
        return resource.endsWith("/") ? resource.substring(0, resource.length() - 1) : resource;
    }

    /** The last part of the authority where it is a directory's id; words such as {@code common} mean ours. */
    private static String tenant(String authority) {
        String last = authority.substring(authority.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return GUID.matcher(last).matches() ? last : Tokens.DEFAULT_TENANT;
    }

    private static String required(HttpServletRequest request, String name) {
        return parameter(request, name)
                .orElseThrow(() -> new Refused(
                        HttpStatus.BAD_REQUEST,
                        "invalid_request",
                        "AADSTS900144: The request body must contain the following parameter: '%s'.".formatted(name)));
    }

    private static Optional<String> parameter(HttpServletRequest request, String name) {
        return Optional.ofNullable(request.getParameter(name)).filter(value -> !value.isBlank());
    }

    private ObjectNode error(String error, String description) {
        ObjectNode answer = Json.object().put("error", error).put("error_description", description);
        String code = description.substring("AADSTS".length(), description.indexOf(':'));
        answer.putArray("error_codes").add(Long.parseLong(code));
        return answer.put("timestamp", tokens.time().instant().toString())
                .put("trace_id", UUID.randomUUID().toString())
                .put("correlation_id", UUID.randomUUID().toString());
    }
}
