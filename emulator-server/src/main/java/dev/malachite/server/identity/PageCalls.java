package dev.malachite.server.identity;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpHeaders;

/**
 * Tells the calls that our own page makes to Azure Resource Manager. They bear no token, because a page that everybody at
 * this machine may open has none to keep secret; they act as the emulator's default user. A header of our own makes them
 * known: another site's page would have to ask before it may send it, which is never allowed, and it must have been read
 * under a name of ours ({@link ListenerRules}).
 */
final class PageCalls {

    private static final String HEADER = "x-malachite-page";

    private PageCalls() {}

    static boolean is(HttpServletRequest request, Route route) {
        return route.kind() == Route.Kind.ARM
                && request.getHeader(HEADER) != null
                && request.getHeader(HttpHeaders.AUTHORIZATION) == null;
    }
}
