package dev.malachite.server.identity;

import dev.malachite.api.AzureError;
import dev.malachite.api.Errors;
import dev.malachite.server.start.GatewayListener;
import dev.malachite.server.web.Refusals;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Asks for a token where Azure does. On loopback the form and the expiry count; a run token must be ours wherever it is
 * shown, and through a gateway nothing else will do.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 110)
class Authentication extends OncePerRequestFilter {

    private static final String BEARER = "bearer ";

    private static final Pattern MLFLOW = Pattern.compile("\\bmlflow-[a-z]+-client/");

    private final Tokens tokens;
    private final LiveRuns runs;
    private final RunTokenRules runRules;
    private final InstanceTokens instances;
    private final GatewayListener gateways;
    private final Refusals refusals;

    Authentication(
            Tokens tokens,
            LiveRuns runs,
            RunTokenRules runRules,
            InstanceTokens instances,
            GatewayListener gateways,
            Refusals refusals) {
        this.instances = instances;
        this.tokens = tokens;
        this.runs = runs;
        this.runRules = runRules;
        this.gateways = gateways;
        this.refusals = refusals;
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

    /**
     * Without azureml-mlflow nobody signs in for MLflow: it sends the token that its user has set, or none. A page in a
     * browser cannot pass for it: a foreign User-Agent would have to be asked for first, which we never allow.
     */
    private static boolean isMlflowItself(HttpServletRequest request, Route route) {
        String agent = request.getHeader(HttpHeaders.USER_AGENT);
        return route.at(0).equals("mlflow")
                && agent != null
                && MLFLOW.matcher(agent).find();
    }

    private Optional<AzureError> judge(HttpServletRequest request, Route route) {
        boolean needed = switch (route.kind()) {
            case ARM, DATA_PLANE -> true;
            case CONTROL, PAGE, DISCOVERY, LOGIN, MANAGED_IDENTITY, MACHINE, BLOB -> false;
        };
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null && !gateways.isFromJob(request) && isMlflowItself(request, route)) {
            return Optional.empty();
        }
        if (!gateways.isFromJob(request) && PageCalls.is(request, route)) {
            CallerIdentity.DEFAULT_USER.attachTo(request);
            return Optional.empty();
        }
        if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return needed
                    ? Optional.of(Errors.unauthenticated(
                            "Authentication failed. The 'Authorization' header is missing or has no bearer token."))
                    : Optional.empty();
        }
        String token = header.substring(BEARER.length()).trim();
        Optional<Jwt> jwt = Jwt.decode(token);
        if (jwt.isEmpty()) {
            return needed ? Optional.of(Errors.invalidToken()) : Optional.empty();
        }
        boolean fromJob = gateways.isFromJob(request);
        if (!needed) {
            // Only says who it is: these routes ask for no token, and blobs have a signature of their own.
            jwt.get().identity(runs.of(token)).attachTo(request);
            return Optional.empty();
        }
        if (jwt.get().expired(tokens.time().instant())) {
            return Optional.of(Errors.expiredToken());
        }
        if (jwt.get().isInstanceToken()) {
            Optional<InstanceIdentity> instance = instances.of(token);
            instance.map(CallerIdentity::of).ifPresent(caller -> caller.attachTo(request));
            return instance.isEmpty()
                    ? Optional.of(Errors.invalidToken())
                    : InstanceTokenRules.refuse(instance.get(), request.getMethod(), route);
        }
        if (!jwt.get().isRunToken() && !fromJob) {
            jwt.get().identity(Optional.empty()).attachTo(request);
            return Optional.empty();
        }
        Optional<RunIdentity> run = runs.of(token);
        if (run.isEmpty()) {
            return Optional.of(Errors.invalidToken());
        }
        jwt.get().identity(run).attachTo(request);
        return runRules.refuse(run.get(), request.getMethod(), route);
    }
}
