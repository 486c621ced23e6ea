package dev.malachite.server.identity;

import dev.malachite.server.web.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A token's claims as they are written in it, believed without a look at the signature: on loopback anybody's token is
 * good, because SDKs come with those of every issuer.
 */
record Jwt(ObjectNode claims) {

    /** Empty unless the text has three parts of which the first two are JSON objects. */
    static Optional<Jwt> decode(String token) {
        List<String> parts = List.of(token.split("\\.", -1));
        if (parts.size() != 3) {
            return Optional.empty();
        }
        return object(parts.get(0)).flatMap(header -> object(parts.get(1))).map(Jwt::new);
    }

    /** A token without {@code exp} never expires. */
    boolean expired(Instant now) {
        JsonNode exp = claims.path("exp");
        if (!exp.isNumber()) {
            return false;
        }
        try {
            // Issuers write fractions too, and anybody anything.
            return new BigDecimal(exp.asString()).compareTo(BigDecimal.valueOf(now.getEpochSecond())) <= 0;
        } catch (NumberFormatException e) {
            return true;
        }
    }

    boolean isRunToken() {
        return claims.has(Tokens.RUN);
    }

    boolean isInstanceToken() {
        return claims.has(InstanceTokens.INSTANCE);
    }

    String string(String name, String fallback) {
        return Json.string(claims, name).filter(text -> !text.isBlank()).orElse(fallback);
    }

    CallerIdentity identity(Optional<RunIdentity> run) {
        String name = string("name", string("upn", string("unique_name", string("appid", string("sub", "user")))));
        return new CallerIdentity(
                name, string("oid", Tokens.objectId(name)), string("tid", Tokens.DEFAULT_TENANT), run);
    }

    private static Optional<ObjectNode> object(String part) {
        try {
            byte[] text = Base64.getUrlDecoder().decode(part);
            return Json.mapper().readTree(new String(text, StandardCharsets.UTF_8)) instanceof ObjectNode object
                    ? Optional.of(object)
                    : Optional.empty();
        } catch (IllegalArgumentException | JacksonException e) {
            return Optional.empty();
        }
    }
}
