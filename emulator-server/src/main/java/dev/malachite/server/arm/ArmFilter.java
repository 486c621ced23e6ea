package dev.malachite.server.arm;

import dev.malachite.api.AzureError;
import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Refusals;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * What Azure Resource Manager asks of every request below {@code /subscriptions}: an api-version that is a date, any
 * date. Whoever gets that far has made the subscription known.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 120)
class ArmFilter extends OncePerRequestFilter {

    private static final Pattern VERSION =
            Pattern.compile("(\\d{4}-\\d{2}-\\d{2})(-[a-z]+(\\.\\d+)?)?", Pattern.CASE_INSENSITIVE);

    /** URLs that we hand out; clients differ in whether they add a version to them. */
    private static final Pattern OPERATION =
            Pattern.compile("[a-z]*operations?(status|statuses|results?)", Pattern.CASE_INSENSITIVE);

    private final Subscriptions subscriptions;
    private final Refusals refusals;

    ArmFilter(Subscriptions subscriptions, Refusals refusals) {
        this.subscriptions = subscriptions;
        this.refusals = refusals;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String[] segments = request.getRequestURI().split("/", -1);
        if (segments.length < 2 || !segments[1].equalsIgnoreCase("subscriptions")) {
            chain.doFilter(request, response);
            return;
        }
        Optional<AzureError> refusal = judge(request, segments);
        if (refusal.isPresent()) {
            refusals.send(refusal.get(), request, response);
        } else {
            chain.doFilter(request, response);
        }
    }

    private Optional<AzureError> judge(HttpServletRequest request, String[] segments) {
        boolean operation = Stream.of(segments)
                .anyMatch(segment -> OPERATION.matcher(segment).matches());
        Optional<String> version = version(request.getQueryString());
        if (!operation && version.isEmpty()) {
            return Optional.of(Errors.missingApiVersion());
        }
        if (!operation && !isDate(version.get())) {
            return Optional.of(Errors.invalidApiVersion(version.get()));
        }
        if (segments.length > 2 && !segments[2].isEmpty()) {
            try {
                subscriptions.know(segments[2]);
            } catch (AzureException e) {
                return Optional.of(e.error());
            }
        }
        return Optional.empty();
    }

    /**
     * The first of the query's api-versions: azureml-core 0.1.68 adds its own to a URL that has one. The query is read
     * here, because the servlet's own parameters would swallow a form's body.
     */
    private static Optional<String> version(@Nullable String query) {
        return Stream.of(query == null ? new String[0] : query.split("&"))
                .filter(pair -> pair.toLowerCase(Locale.ROOT).startsWith("api-version="))
                .map(pair -> decoded(pair.substring("api-version=".length())))
                .filter(version -> !version.isBlank())
                .findFirst();
    }

    private static boolean isDate(String version) {
        Matcher form = VERSION.matcher(version);
        try {
            return form.matches() && LocalDate.parse(form.group(1)) != null;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8).trim();
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
