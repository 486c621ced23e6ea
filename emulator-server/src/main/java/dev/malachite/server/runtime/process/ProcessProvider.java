package dev.malachite.server.runtime.process;

import dev.malachite.engine.RuntimeKind;
import dev.malachite.server.Settings;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.runtime.RuntimeObserver;
import dev.malachite.server.runtime.RuntimeProvider;
import org.springframework.stereotype.Component;

/** Offers the process runtime. */
@Component
class ProcessProvider implements RuntimeProvider {

    private final Settings settings;

    ProcessProvider(Settings settings) {
        this.settings = settings;
    }

    @Override
    public RuntimeKind kind() {
        return RuntimeKind.PROCESS;
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public NodeRuntime open(RuntimeObserver observer) {
        return new ProcessRuntime(settings.data(), "https://127.0.0.1:" + settings.httpsPort(), observer);
    }
}
