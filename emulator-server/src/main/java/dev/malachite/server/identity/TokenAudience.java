package dev.malachite.server.identity;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.http.HttpHeaders;

/** Whom a request's token was issued for, as it says. */
public final class TokenAudience {

    private static final String BEARER = "bearer ";

    private TokenAudience() {}

    /** Empty without a token that can be read, and for one that names nobody. */
    public static Optional<String> of(HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.empty();
        }
        return Jwt.decode(header.substring(BEARER.length()).trim())
                .map(jwt -> jwt.string("aud", ""))
                .filter(audience -> !audience.isEmpty());
    }
}
