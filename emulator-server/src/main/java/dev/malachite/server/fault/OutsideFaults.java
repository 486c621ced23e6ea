package dev.malachite.server.fault;

import dev.malachite.engine.Fault;
import dev.malachite.engine.State;
import dev.malachite.server.web.Json;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** The faults that strike outside of the engine, understood once and not at each request. */
@Component
public class OutsideFaults {

    private static final int REMEMBERED = 1000;

    private final Map<String, OutsideFault> byDocument = new ConcurrentHashMap<>();

    /** A fault with its record in the state. */
    public record Active<T extends OutsideFault>(Fault record, T fault) {}

    /** Those of one kind that are in force, in the order of their coming. */
    public <T extends OutsideFault> List<Active<T>> of(State state, Class<T> kind) {
        if (state.faults().isEmpty()) {
            return List.of();
        }
        return state.faults().stream()
                .filter(record -> record.inForce() && record.effect() instanceof Fault.Outside)
                .filter(record -> kind.isInstance(read((Fault.Outside) record.effect())))
                .map(record -> new Active<>(record, kind.cast(read((Fault.Outside) record.effect()))))
                .toList();
    }

    private OutsideFault read(Fault.Outside effect) {
        if (byDocument.size() > REMEMBERED) {
            byDocument.clear();
        }
        return byDocument.computeIfAbsent(effect.document(), text -> OutsideFault.read(Json.parse(text)));
    }
}
