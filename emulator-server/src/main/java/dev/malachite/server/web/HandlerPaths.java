package dev.malachite.server.web;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.PathContainer.PathSegment;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * Finds a request's controller without matching hundreds of long patterns one after the other. Azure's paths begin alike and
 * differ in a word far behind, so the words are compared first, and only patterns that agree in them are matched.
 */
class HandlerPaths extends RequestMappingHandlerMapping {

    /** Of all patterns. Made by the first request, and by the first one after a change. */
    private volatile Route @Nullable [] known;

    @Override
    public void registerMapping(RequestMappingInfo mapping, Object handler, Method method) {
        super.registerMapping(mapping, handler, method);
        known = null;
    }

    @Override
    public void unregisterMapping(RequestMappingInfo mapping) {
        super.unregisterMapping(mapping);
        known = null;
    }

    /** What the framework would find; where there is none, or no one best, it also says what is wrong. */
    @Override
    protected @Nullable HandlerMethod lookupHandlerMethod(String path, HttpServletRequest request) throws Exception {
        if (CorsUtils.isPreFlightRequest(request)) {
            return super.lookupHandlerMethod(path, request);
        }
        List<String> words = words(request);
        RequestMappingInfo best = null;
        HandlerMethod handler = null;
        boolean tied = false;
        for (Route route : routes()) {
            RequestMappingInfo match = route.mayMatch(words) ? getMatchingMapping(route.info, request) : null;
            if (match == null) {
                continue;
            }
            int order = best == null ? -1 : getMappingComparator(request).compare(match, best);
            if (order < 0) {
                best = match;
                handler = route.handler;
                tied = false;
            } else if (order == 0 && !route.handler.equals(handler)) {
                tied = true;
            }
        }
        if (best == null || handler == null || tied) {
            return super.lookupHandlerMethod(path, request);
        }
        request.setAttribute(BEST_MATCHING_HANDLER_ATTRIBUTE, handler);
        handleMatch(best, path, request);
        return handler;
    }

    private Route[] routes() {
        Route[] routes = known;
        if (routes == null) {
            routes = getHandlerMethods().entrySet().stream()
                    .flatMap(entry -> entry.getKey().getPatternValues().stream()
                            .map(pattern -> Route.of(pattern, entry.getKey(), entry.getValue())))
                    .toArray(Route[]::new);
            known = routes;
        }
        return routes;
    }

    private static List<String> words(HttpServletRequest request) {
        List<PathContainer.Element> elements = ServletRequestPathUtils.getParsedRequestPath(request)
                .pathWithinApplication()
                .elements();
        List<String> words = new ArrayList<>(elements.size());
        for (PathContainer.Element element : elements) {
            if (element instanceof PathSegment segment) {
                words.add(segment.valueToMatch());
            }
        }
        return words;
    }

    /**
     * The words of one pattern.
     *
     * @param words one a segment, empty where the pattern takes more than one word
     * @param open whether more segments may follow, of which nothing is said
     */
    private record Route(List<String> words, boolean open, RequestMappingInfo info, HandlerMethod handler) {

        /** A variable whose expression speaks of slashes: nothing is said of the words then. */
        private static final Pattern SLASH_WITHIN = Pattern.compile("\\{[^}]*/");

        static Route of(String pattern, RequestMappingInfo info, HandlerMethod handler) {
            if (SLASH_WITHIN.matcher(pattern).find()) {
                return new Route(List.of(), true, info, handler);
            }
            List<String> segments = Arrays.stream(pattern.split("/"))
                    .filter(segment -> !segment.isEmpty())
                    .toList();
            List<String> known = segments.stream()
                    .takeWhile(segment -> !segment.equals("**") && !segment.startsWith("{*"))
                    .map(segment -> segment.matches(".*[{*?].*") ? "" : segment)
                    .toList();
            return new Route(known, known.size() < segments.size(), info, handler);
        }

        boolean mayMatch(List<String> path) {
            if (open ? path.size() < words.size() : path.size() != words.size()) {
                return false;
            }
            // The last words differ first.
            for (int i = words.size() - 1; i >= 0; i--) {
                if (!words.get(i).isEmpty() && !words.get(i).equalsIgnoreCase(path.get(i))) {
                    return false;
                }
            }
            return true;
        }
    }
}
