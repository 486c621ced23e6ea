package dev.malachite.server.web;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** The name under which the caller's resources are kept: the same for all of them ({@code systemData.createdBy}). */
public final class Author {

    /** Who calls where no token is asked for. */
    public static final String NOBODY = "anonymous";

    private static final String ATTRIBUTE = Author.class.getName();
    private static final int LONGEST = 256;

    private Author() {}

    /** Who sends the request that this thread serves; {@link #NOBODY} outside of one. */
    public static String current() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
                        && attributes.getRequest().getAttribute(ATTRIBUTE) instanceof String name
                        && !name.isBlank()
                ? name.substring(0, Math.min(name.length(), LONGEST))
                : NOBODY;
    }

    public static void attachTo(HttpServletRequest request, String name) {
        request.setAttribute(ATTRIBUTE, name);
    }
}
