package dev.malachite.server.loop;

import dev.malachite.engine.RuntimeKind;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.start.GatewayListener;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Lets jobs reach us before the first of them can ask: opens the listener that their runtime needs, once. */
@Component
class Gateways {

    private final GatewayListener listener;
    private final Set<RuntimeKind> open = EnumSet.noneOf(RuntimeKind.class);

    Gateways(GatewayListener listener) {
        this.listener = listener;
    }

    synchronized void ensure(NodeRuntime runtime) throws IOException {
        if (open.contains(runtime.kind())) {
            return;
        }
        Optional<String> address = runtime.gatewayAddress();
        address.ifPresent(listener::open);
        open.add(runtime.kind());
    }
}
