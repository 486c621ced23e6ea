package dev.malachite.server.identity;

import dev.malachite.server.start.GatewayListener;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.util.function.SingletonSupplier;

/** Says whose a bearer token is to a service that judges for itself, as the storage account does. */
@Component
public class BearerTokens {

    private static final String BEARER = "bearer ";

    private final Tokens tokens;
    private final LiveRuns runs;
    private final InstanceTokens instances;

    /** Looked for once: each search costs as much as reading the token. Servers of blobs alone have none. */
    private final SingletonSupplier<GatewayListener> gateways;

    BearerTokens(Tokens tokens, LiveRuns runs, InstanceTokens instances, ObjectProvider<GatewayListener> gateways) {
        this.instances = instances;
        this.tokens = tokens;
        this.runs = runs;
        this.gateways = SingletonSupplier.ofNullable(gateways::getIfAvailable);
    }

    /** Whether the request shows a bearer token, whatever it is worth. */
    public static boolean has(HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length());
    }

    static Optional<String> token(HttpServletRequest request) {
        return has(request)
                ? Optional.of(request.getHeader(HttpHeaders.AUTHORIZATION)
                        .substring(BEARER.length())
                        .strip())
                : Optional.empty();
    }

    /** Who calls; empty for a token that is none or has expired, or that is no living run's where it must be one's. */
    public Optional<CallerIdentity> caller(HttpServletRequest request) {
        Optional<String> shown = token(request);
        if (shown.isEmpty()) {
            return Optional.empty();
        }
        String token = shown.get();
        Optional<Jwt> jwt =
                Jwt.decode(token).filter(known -> !known.expired(tokens.time().instant()));
        if (jwt.isEmpty()) {
            return Optional.empty();
        }
        if (jwt.get().isInstanceToken()) {
            return instances.of(token).map(CallerIdentity::of);
        }
        GatewayListener gateway = gateways.get();
        boolean fromJob = gateway != null && gateway.isFromJob(request);
        if (!jwt.get().isRunToken() && !fromJob) {
            return jwt.map(known -> known.identity(Optional.empty()));
        }
        return runs.of(token).map(run -> jwt.get().identity(Optional.of(run)));
    }
}
