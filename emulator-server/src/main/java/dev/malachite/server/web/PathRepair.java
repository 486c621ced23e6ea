package dev.malachite.server.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Squeezes repeated slashes and drops one at the end before routing: SDKs whose manager URL ends in a slash send
 * {@code //subscriptions/…}, the Java client sends {@code …Services//workspaces/x}. Blob names keep theirs.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
class PathRepair extends OncePerRequestFilter {

    private static final Pattern SLASHES = Pattern.compile("/{2,}");

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String path = request.getRequestURI();
        String repaired = repair(path);
        if (repaired.equals(path)) {
            chain.doFilter(request, response);
            return;
        }
        chain.doFilter(
                new HttpServletRequestWrapper(request) {
                    @Override
                    public String getRequestURI() {
                        return repaired;
                    }

                    @Override
                    public String getServletPath() {
                        return repair(super.getServletPath());
                    }
                },
                response);
    }

    static String repair(String path) {
        // The server of a compute instance reads its paths itself.
        if (path.startsWith("/instances/")) {
            return path;
        }
        // The v1 SDK's client for HyperDrive sends a whole scope as one segment.
        String split = path.regionMatches(true, 0, "/hyperdrive/", 0, 12) ? path.replaceAll("%2[fF]", "/") : path;
        String squeezed = SLASHES.matcher(split).replaceAll("/");
        return squeezed.length() > 1 && squeezed.endsWith("/")
                ? squeezed.substring(0, squeezed.length() - 1)
                : squeezed;
    }
}
