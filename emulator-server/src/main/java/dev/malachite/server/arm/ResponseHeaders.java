package dev.malachite.server.arm;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The headers of every answer of Azure's, as recorded traffic has them. Strict-Transport-Security is left out: a browser
 * would apply it to everything else that a developer runs on localhost.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 50)
class ResponseHeaders extends OncePerRequestFilter {

    private static final DateTimeFormatter ROUTED =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** What a client sends comes back in a header of ours: nothing but what an id is made of. */
    private static final Pattern ECHOED = Pattern.compile("[\\w.:+/=-]{1,128}");

    private final Clock clock;

    ResponseHeaders(Clock clock) {
        this.clock = clock;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String id = UUID.randomUUID().toString();
        String correlation = echo(request.getHeader("x-ms-correlation-request-id"), id);
        response.setHeader("x-ms-request-id", id);
        response.setHeader("x-ms-correlation-request-id", correlation);
        response.setHeader("X-Content-Type-Options", "nosniff");
        String client = request.getHeader("x-ms-client-request-id");
        if (client != null
                && ECHOED.matcher(client).matches()
                && "true".equalsIgnoreCase(request.getHeader("x-ms-return-client-request-id"))) {
            response.setHeader("x-ms-client-request-id", client);
        }
        if (request.getRequestURI().toLowerCase(Locale.ROOT).startsWith("/subscriptions")) {
            response.setHeader(
                    "x-ms-routing-request-id", "LOCAL:" + ROUTED.format(clock.instant()) + ":" + correlation);
            response.setHeader("Cache-Control", "no-cache");
            response.setHeader("Pragma", "no-cache");
            response.setHeader("Expires", "-1");
            remaining(request.getMethod(), response);
        }
        chain.doFilter(request, response);
    }

    /** The first answer's figures of the token buckets of 2025: nobody is throttled here unless told so. */
    private static void remaining(String method, HttpServletResponse response) {
        switch (method) {
            case "GET", "HEAD" -> response.setHeader("x-ms-ratelimit-remaining-subscription-reads", "249");
            case "DELETE" -> response.setHeader("x-ms-ratelimit-remaining-subscription-deletes", "199");
            default -> response.setHeader("x-ms-ratelimit-remaining-subscription-writes", "199");
        }
    }

    private static String echo(@Nullable String given, String otherwise) {
        return given != null && ECHOED.matcher(given).matches() ? given : otherwise;
    }
}
