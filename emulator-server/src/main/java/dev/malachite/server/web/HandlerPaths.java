package dev.malachite.server.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer.PathSegment;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * Finds a request's controller without matching hundreds of long patterns one after the other. Azure's paths begin alike and
 * differ in a word far behind, so the words are compared first, and only patterns that agree in them are matched.
 */
class HandlerPaths extends RequestMappingHandlerMapping {

    private static final String WORDS = HandlerPaths.class.getName() + ".words";

    private final Map<RequestMappingInfo, List<Shape>> shapes = new ConcurrentHashMap<>();

    @Override
    protected @Nullable RequestMappingInfo getMatchingMapping(RequestMappingInfo info, HttpServletRequest request) {
        String[] words = words(request);
        for (Shape shape : shapes.computeIfAbsent(info, HandlerPaths::shapes)) {
            if (shape.mayMatch(words)) {
                return super.getMatchingMapping(info, request);
            }
        }
        return null;
    }

    private static String[] words(HttpServletRequest request) {
        if (request.getAttribute(WORDS) instanceof String[] known) {
            return known;
        }
        String[] words =
                ServletRequestPathUtils.getParsedRequestPath(request).pathWithinApplication().elements().stream()
                        .filter(PathSegment.class::isInstance)
                        .map(element -> ((PathSegment) element).valueToMatch())
                        .toArray(String[]::new);
        request.setAttribute(WORDS, words);
        return words;
    }

    private static List<Shape> shapes(RequestMappingInfo info) {
        return info.getPatternValues().stream().map(Shape::of).toList();
    }

    /**
     * The words of a pattern.
     *
     * @param words one a segment, empty where the pattern takes more than one word
     * @param open whether more segments may follow, of which nothing is said
     */
    private record Shape(List<String> words, boolean open) {

        static Shape of(String pattern) {
            List<String> segments = Arrays.stream(pattern.split("/"))
                    .filter(segment -> !segment.isEmpty())
                    .toList();
            List<String> known = segments.stream()
                    .takeWhile(segment -> !segment.equals("**") && !segment.startsWith("{*"))
                    .map(segment -> segment.matches(".*[{*?].*") ? "" : segment)
                    .toList();
            return new Shape(known, known.size() < segments.size());
        }

        boolean mayMatch(String[] path) {
            if (open ? path.length < words.size() : path.length != words.size()) {
                return false;
            }
            // The last words differ first.
            for (int i = words.size() - 1; i >= 0; i--) {
                if (!words.get(i).isEmpty() && !words.get(i).equalsIgnoreCase(path[i])) {
                    return false;
                }
            }
            return true;
        }
    }
}
