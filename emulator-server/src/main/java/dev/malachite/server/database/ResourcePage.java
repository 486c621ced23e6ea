package dev.malachite.server.database;

import dev.malachite.server.web.Json;
import dev.malachite.server.web.NextLink;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A slice as Azure Resource Manager answers a list. */
public final class ResourcePage {

    private ResourcePage() {}

    /**
     * The answer.
     *
     * @param limited the caller wants so many and no more; otherwise all of them, page by page
     */
    public static <T> ObjectNode of(
            Slice<T> slice, Function<T, ObjectNode> wire, boolean limited, HttpServletRequest request) {
        ObjectNode answer = Json.object();
        ArrayNode value = answer.putArray("value");
        slice.items().forEach(item -> value.add(wire.apply(item)));
        Optional<String> next = limited ? Optional.empty() : slice.next();
        answer.put(
                "nextLink",
                next.map(skip -> NextLink.of(request, "$skip", skip)).orElse(null));
        return answer;
    }
}
