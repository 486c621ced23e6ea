package dev.malachite.server.compute;

import dev.malachite.engine.Target;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Finds the kind by what a client calls it, or by what a target is. */
@Component
class WireKinds {

    private final List<WireKind> kinds;

    WireKinds(List<WireKind> kinds) {
        this.kinds = kinds.stream().sorted(Comparator.comparing(WireKind::type)).toList();
    }

    /** By {@code computeType}, in any case. */
    WireKind named(String type) {
        return kinds.stream()
                .filter(kind -> kind.type().equalsIgnoreCase(type))
                .findFirst()
                .orElseThrow(() -> unknown(type));
    }

    /** Two of them may be one to the engine; then the name counts by which the target was asked for. */
    WireKind of(Target target) {
        List<WireKind> covering =
                kinds.stream().filter(kind -> kind.covers(target.kind())).toList();
        if (covering.size() == 1) {
            return covering.getFirst();
        }
        String asked = Json.string(Json.objectAt(Json.parse(target.document()), "properties"), "computeType")
                .orElse("AmlCompute");
        return covering.stream()
                .filter(kind -> kind.type().equalsIgnoreCase(asked))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no wire for " + target.kind()));
    }

    private AzureException unknown(String type) {
        return ComputeReader.invalid(
                "ComputeTypeNotSupported",
                "Compute type '%s' is not supported by this version of Malachite; supported are: %s."
                        .formatted(type, kinds.stream().map(WireKind::type).collect(Collectors.joining(", "))));
    }
}
