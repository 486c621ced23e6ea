package dev.malachite.server.web;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * How the one who calls names us. A client on the host, a job's container and a compose neighbour reach us under
 * different names, so every absolute URL in an answer is made from the request's own scheme and Host header.
 *
 * @param scheme {@code http} or {@code https}
 * @param host host and, where it is not the scheme's own, port, for example {@code localhost:10443}
 */
public record Caller(String scheme, String host) {

    public static Caller of(HttpServletRequest request) {
        String host = request.getHeader("Host");
        return new Caller(request.getScheme(), host == null ? request.getServerName() : host);
    }

    /** The caller of the request that this thread serves. */
    public static Caller current() {
        RequestAttributes attributes = RequestContextHolder.currentRequestAttributes();
        return of(((ServletRequestAttributes) attributes).getRequest());
    }

    /** For example {@code https://localhost:10443}, without a slash at the end. */
    public String base() {
        return scheme + "://" + host;
    }
}
