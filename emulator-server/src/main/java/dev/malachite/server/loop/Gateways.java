package dev.malachite.server.loop;

import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.start.GatewayListener;
import java.io.IOException;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Lets jobs reach us before the first of them can ask: opens the listener that their runtime needs. */
@Component
class Gateways {

    private final GatewayListener listener;

    Gateways(GatewayListener listener) {
        this.listener = listener;
    }

    /** Both steps do nothing when nothing has changed: a network that was pruned away may have got another address. */
    void ensure(NodeRuntime runtime) throws IOException {
        Optional<String> address = runtime.gatewayAddress();
        address.ifPresent(there ->
                runtime.gatewayPort().ifPresentOrElse(port -> listener.open(there, port), () -> listener.open(there)));
    }
}
