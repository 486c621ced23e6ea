package dev.malachite.server.runtime.simulated;

import dev.malachite.engine.RuntimeKind;
import dev.malachite.server.Settings;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.runtime.RuntimeObserver;
import dev.malachite.server.runtime.RuntimeProvider;
import dev.malachite.server.runtime.Timers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import org.springframework.stereotype.Component;

/** Offers the simulated runtime. */
@Component
class SimulatedProvider implements RuntimeProvider {

    private final Settings settings;
    private final Timers timers;
    private final Clock clock;

    SimulatedProvider(Settings settings, Timers timers, Clock clock) {
        this.settings = settings;
        this.timers = timers;
        this.clock = clock;
    }

    @Override
    public RuntimeKind kind() {
        return RuntimeKind.SIMULATED;
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public NodeRuntime open(RuntimeObserver observer) {
        try {
            SimulatedStore store = new SimulatedStore(settings.data().resolve("simulated"));
            return new SimulatedRuntime(store, timers, clock, observer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
