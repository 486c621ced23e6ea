package dev.malachite.server.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.regex.Pattern;
import org.springframework.web.util.UriComponentsBuilder;

/** The URL of the page that follows: the request once more, under the caller's name for us, but for where it begins. */
public final class NextLink {

    /** What is taken of a client, though no URL may have it. */
    private static final Pattern ILLEGAL = Pattern.compile("[<>\\[\\\\\\]^`{|}]");

    private NextLink() {}

    /**
     * The URL.
     *
     * @param parameter what says where a page begins, for example {@code $skip}
     */
    public static String of(HttpServletRequest request, String parameter, String begin) {
        return UriComponentsBuilder.fromUriString(Caller.of(request).base() + legal(request.getRequestURI()))
                .query(legal(Objects.requireNonNullElse(request.getQueryString(), "")))
                .replaceQueryParam(parameter, begin)
                .build(true)
                .toUriString();
    }

    private static String legal(String part) {
        return ILLEGAL.matcher(part)
                .replaceAll(found -> "%%%02X".formatted((int) found.group().charAt(0)));
    }
}
