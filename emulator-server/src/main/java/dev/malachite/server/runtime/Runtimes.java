package dev.malachite.server.runtime;

import dev.malachite.engine.RuntimeKind;
import dev.malachite.server.Settings;
import dev.malachite.server.cloud.HealthPart;
import jakarta.annotation.PreDestroy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The runtimes of this emulator: which one new nodes get, and the one that a recorded node belongs to. */
@Component
public class Runtimes implements HealthPart {

    private final Settings settings;
    private final Map<RuntimeKind, RuntimeProvider> providers = new EnumMap<>(RuntimeKind.class);

    /** Written under the lock; health reads it without, since opening one may take seconds. */
    private final Map<RuntimeKind, NodeRuntime> open = new ConcurrentHashMap<>();

    private @Nullable RuntimeObserver observer;
    private @Nullable RuntimeKind preferred;

    Runtimes(Settings settings, List<RuntimeProvider> providers) {
        this.settings = settings;
        providers.forEach(provider -> this.providers.put(provider.kind(), provider));
    }

    /**
     * Says who hears what happens on nodes; called once, before anything else.
     *
     * @throws IllegalStateException when the settings leave no runtime that may be used; the message is for the user
     */
    public synchronized void observe(RuntimeObserver observer) {
        this.observer = observer;
        preferred = choose();
    }

    /** What new nodes are made of. */
    public synchronized RuntimeKind preferred() {
        if (preferred == null) {
            throw new IllegalStateException("No observer yet");
        }
        return preferred;
    }

    /** The runtime of that kind, opened when it is first asked for. */
    public synchronized NodeRuntime of(RuntimeKind kind) {
        NodeRuntime runtime = open.get(kind);
        if (runtime == null) {
            if (observer == null) {
                throw new IllegalStateException("No observer yet");
            }
            RuntimeProvider provider = providers.get(kind);
            if (provider == null) {
                throw new IllegalStateException("No runtime of kind " + kind);
            }
            runtime = provider.open(observer);
            open.put(kind, runtime);
        }
        return runtime;
    }

    @Override
    public String name() {
        return "runtime";
    }

    @Override
    public Optional<String> problem() {
        return open.values().stream()
                .flatMap(runtime -> runtime.problem().stream())
                .findFirst();
    }

    /** Lets go of nodes and jobs without ending them. */
    @PreDestroy
    synchronized void close() {
        open.values().forEach(NodeRuntime::close);
        open.clear();
    }

    private RuntimeKind choose() {
        return switch (settings.runtime().toLowerCase(Locale.ROOT)) {
            case "docker" -> RuntimeKind.DOCKER;
            case "process" -> RuntimeKind.PROCESS;
            case "simulated" -> RuntimeKind.SIMULATED;
            case "auto" -> automatic();
            default ->
                throw new IllegalStateException(
                        "There is no runtime '" + settings.runtime() + "': say auto, docker, process or simulated.");
        };
    }

    private RuntimeKind automatic() {
        RuntimeProvider docker = providers.get(RuntimeKind.DOCKER);
        if (docker != null && docker.available()) {
            return RuntimeKind.DOCKER;
        }
        // Whoever reaches us could run programs as the user who started us: that must be said, not guessed.
        if (!loopback(settings.host())) {
            throw new IllegalStateException("No Docker engine answers, and jobs that are processes of this machine are"
                    + " not served beyond it. Say --runtime process to do so all the same.");
        }
        return RuntimeKind.PROCESS;
    }

    private static boolean loopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
