package dev.malachite.server.web;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.web.util.UriComponentsBuilder;

/** The URL of the page that follows: the request once more, under the caller's name for us, but for where it begins. */
public final class NextLink {

    private NextLink() {}

    /**
     * The URL.
     *
     * @param parameter what says where a page begins, for example {@code $skip}
     */
    public static String of(HttpServletRequest request, String parameter, String begin) {
        return UriComponentsBuilder.fromUriString(Caller.of(request).base() + request.getRequestURI())
                .query(request.getQueryString())
                .replaceQueryParam(parameter, begin)
                .build(true)
                .toUriString();
    }
}
