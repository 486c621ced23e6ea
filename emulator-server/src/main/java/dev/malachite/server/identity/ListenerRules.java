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
import java.net.InetAddress;
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

    /** What a browser says of a page of ours, and of an address that somebody typed. */
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

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
        if (gateways.isFromJob(request) && !route.isForJobs() && !isFromInstance(request, route)) {
            return Optional.of(Errors.forbidden("This listener serves jobs only."));
        }
        return switch (route.kind()) {
            case CONTROL, PAGE -> foreign(request);
            case MACHINE -> intoMachine(request);
            case DISCOVERY -> Optional.empty();
            // Over https no name but ours comes so far.
            case MANAGED_IDENTITY -> request.isSecure() ? Optional.empty() : foreign(request);
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

    /** Somebody works in an instance, who needs more than a job does; whether the token is good is seen to next. */
    private static boolean isFromInstance(HttpServletRequest request, Route route) {
        return route.kind() == Route.Kind.DATA_PLANE
                && BearerTokens.token(request)
                        .flatMap(Jwt::decode)
                        .filter(Jwt::isInstanceToken)
                        .isPresent();
    }

    /**
     * Who opens an instance runs programs in it, so that no other site's page may ask for anything, but for a link that is
     * followed. A WebSocket is a GET, and no cookie's rule of the browser's holds for it alone.
     */
    private Optional<AzureError> intoMachine(HttpServletRequest request) {
        if (!request.isSecure()
                && !InetAddress.ofLiteral(request.getRemoteAddr()).isLoopbackAddress()) {
            return Optional.of(Errors.forbidden("From another machine a compute instance is opened over https only."));
        }
        return isOfAnotherOrigin(request) ? Optional.of(otherPages()) : foreign(request);
    }

    /**
     * Keeps web pages out: one whose name an attacker points at this machine shows in the Host header, one that posts
     * across sites in the Origin header, and one that has its reader's browser load something of ours in what the
     * browser itself says of that.
     */
    private Optional<AzureError> foreign(HttpServletRequest request) {
        String name = withoutPort(Caller.of(request).host()).toLowerCase(Locale.ROOT);
        if (!isOurs(name)) {
            return Optional.of(Errors.forbidden("'%s' is not a name of this emulator.".formatted(name)));
        }
        boolean reads = READS.contains(request.getMethod());
        String site = request.getHeader("Sec-Fetch-Site");
        boolean link = reads && "navigate".equals(request.getHeader("Sec-Fetch-Mode"));
        if ((!reads && isOfAnotherOrigin(request)) || (site != null && !OWN_SITE.contains(site) && !link)) {
            return Optional.of(otherPages());
        }
        return Optional.empty();
    }

    private static boolean isOfAnotherOrigin(HttpServletRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        return origin != null && !origin.equalsIgnoreCase(Caller.of(request).base());
    }

    private static AzureError otherPages() {
        return Errors.forbidden("Requests from other sites' pages are refused.");
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
