package dev.malachite.server.machine;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which headers pass the proxy: not those of one connection (RFC 9110, 7.6.1), and nobody's credentials in either direction. */
final class ProxyHeaders {

    private static final Set<String> OF_CONNECTION = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /** The server behind us believes us and has no use for them; its origin checks know other names than ours. */
    private static final Set<String> KEPT_FROM_SERVER = Set.of(
            "authorization", "content-length", "cookie", "expect", "host", "origin", "referer", "x-malachite-key");

    /**
     * It knows one user only, whom it need not remember. What a browser would believe of the whole origin, or of the whole
     * host, it does not say either: those are not its own.
     */
    private static final Set<String> KEPT_FROM_BROWSER = Set.of(
            "content-length",
            "set-cookie",
            "server",
            "service-worker-allowed",
            "strict-transport-security",
            "clear-site-data",
            "alt-svc",
            "nel",
            "report-to",
            "origin-agent-cluster");

    private ProxyHeaders() {}

    /** A header with one of its values. */
    record Header(String name, String value) {}

    static List<Header> toServer(HttpServletRequest request) {
        Set<String> named = namedIn(Collections.list(request.getHeaders("Connection")));
        List<Header> passed = new ArrayList<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            if (passes(name, named, KEPT_FROM_SERVER)) {
                Collections.list(request.getHeaders(name)).forEach(value -> passed.add(new Header(name, value)));
            }
        }
        return passed;
    }

    static List<Header> toBrowser(Map<String, List<String>> headers) {
        Set<String> named = namedIn(headers.getOrDefault("connection", List.of()));
        List<Header> passed = new ArrayList<>();
        headers.forEach((name, values) -> {
            // HTTP/2's pseudo-headers begin with a colon.
            if (!name.startsWith(":") && passes(name, named, KEPT_FROM_BROWSER)) {
                values.forEach(value -> passed.add(new Header(name, value)));
            }
        });
        return passed;
    }

    private static boolean passes(String name, Set<String> named, Set<String> kept) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !OF_CONNECTION.contains(lower) && !named.contains(lower) && !kept.contains(lower);
    }

    /** What a Connection header names goes no further either. */
    private static Set<String> namedIn(List<String> connection) {
        Set<String> named = new HashSet<>();
        connection.forEach(value -> Arrays.stream(value.split(",", -1))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .forEach(named::add));
        return named;
    }
}
