package dev.malachite.server.control;

import dev.malachite.server.loop.Activity;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Counts the requests in flight, to their last byte. Who only looks at the emulator's inside (the feed of events, a log
 * that is followed) may look for hours and changes nothing, and is not counted.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class RequestCount extends OncePerRequestFilter {

    private static final Set<String> LOOKS = Set.of("GET", "HEAD");

    private final Activity activity;

    RequestCount(Activity activity) {
        this.activity = activity;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return LOOKS.contains(request.getMethod())
                && request.getRequestURI().toLowerCase(Locale.ROOT).startsWith("/_emulator/");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        activity.begin();
        try {
            chain.doFilter(request, response);
        } finally {
            if (request.isAsyncStarted()) {
                request.getAsyncContext().addListener(new End());
            } else {
                activity.end();
            }
        }
    }

    /** Ends the count of a request that is answered by another thread. */
    private final class End implements AsyncListener {

        @Override
        public void onComplete(AsyncEvent event) {
            activity.end();
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            // it is completed next
        }

        @Override
        public void onError(AsyncEvent event) {
            // it is completed next
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }
    }
}
