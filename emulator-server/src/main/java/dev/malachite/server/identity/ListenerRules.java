package dev.malachite.server.identity;

import dev.malachite.api.AzureError;
import dev.malachite.api.Errors;
import dev.malachite.server.Settings;
import dev.malachite.server.start.GatewayListener;
import dev.malachite.server.tls.Names;
import dev.malachite.server.web.Caller;
import dev.malachite.server.web.Refusals;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Which listener serves what: plain http nothing that bears a token, a gateway only what jobs need, and the control API
 * and the page only those who call us by a name of ours from no foreign web page.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
class ListenerRules extends OncePerRequestFilter {

    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    private final GatewayListener gateways;
    private final Refusals refusals;
    private final String ownHost;

    ListenerRules(GatewayListener gateways, Refusals refusals, Settings settings) {
        this.gateways = gateways;
        this.refusals = refusals;
        this.ownHost = settings.host().toLowerCase(Locale.ROOT);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<AzureError> refusal = judge(request, Route.of(request));
        if (refusal.isPresent()) {
            refusals.send(refusal.get(), request, response);
        } else {
            chain.doFilter(request, response);
        }
    }

    private Optional<AzureError> judge(HttpServletRequest request, Route route) {
        if (gateways.isFromJob(request) && !route.isForJobs()) {
            return Optional.of(Errors.forbidden("This listener serves jobs only."));
        }
        return switch (route.kind()) {
            case CONTROL, PAGE -> foreign(request);
            case DISCOVERY, MANAGED_IDENTITY -> Optional.empty();
            case LOGIN, ARM, DATA_PLANE ->
                PageCalls.is(request, route)
                        ? foreign(request)
                        : request.isSecure()
                                ? Optional.empty()
                                : Optional.of(
                                        Errors.forbidden(
                                                "Tokens and signatures are taken over https only; this is the plain http port, which"
                                                        + " serves the page, /_emulator, cloud metadata and managed identity."));
            // The blob store has had its turn and took it for nothing of its own, and here nobody asks for a token.
            case BLOB -> Optional.of(Errors.noSuchRoute(request.getRequestURI()));
        };
    }

    /**
     * Keeps web pages out: one whose name an attacker points at this machine shows in the Host header, one that posts
     * across sites in the Origin header.
     */
    private Optional<AzureError> foreign(HttpServletRequest request) {
        String name = withoutPort(Caller.of(request).host()).toLowerCase(Locale.ROOT);
        if (!isOurs(name)) {
            return Optional.of(Errors.forbidden("'%s' is not a name of this emulator.".formatted(name)));
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin != null
                && !READS.contains(request.getMethod())
                && !origin.equalsIgnoreCase(Caller.of(request).base())) {
            return Optional.of(Errors.forbidden("Requests from other sites' pages are refused."));
        }
        return Optional.empty();
    }

    /** An address cannot be pointed elsewhere, and nobody owns a name without a dot. */
    private boolean isOurs(String name) {
        return Names.isAddress(name)
                || name.indexOf('.') < 0
                || name.endsWith(".localhost")
                || name.endsWith(".internal")
                || name.equals(ownHost);
    }

    private static String withoutPort(String host) {
        if (host.startsWith("[")) {
            return Names.unbracketed(host.substring(0, host.indexOf(']') + 1));
        }
        int colon = host.indexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }
}
