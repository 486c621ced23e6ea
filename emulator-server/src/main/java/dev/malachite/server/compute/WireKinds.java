package dev.malachite.server.compute;

import dev.malachite.engine.Target;
import dev.malachite.server.web.AzureException;
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

    WireKind of(Target target) {
        return kinds.stream()
                .filter(kind -> kind.covers(target.kind()))
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
