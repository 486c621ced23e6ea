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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The runtimes of this emulator: which one new nodes get, and the one that a recorded node belongs to. */
@Component
public class Runtimes implements HealthPart {

    private final Settings settings;
    private final Map<RuntimeKind, Slot> slots = new EnumMap<>(RuntimeKind.class);
    private volatile @Nullable RuntimeObserver observer;
    private volatile @Nullable RuntimeKind preferred;

    /** Whether a Docker engine answers: asked while the rest of the server gets ready, where nobody has said what to use. */
    private final FutureTask<Boolean> engine = new FutureTask<>(this::engineAnswers);

    Runtimes(Settings settings, List<RuntimeProvider> providers) {
        this.settings = settings;
        providers.forEach(provider -> slots.put(provider.kind(), new Slot(provider)));
        if (wished().equals("auto")) {
            Thread.ofPlatform().daemon().name("engine-probe").start(engine);
        }
    }

    /**
     * Says who hears what happens on nodes; called once, before anything else.
     *
     * @throws IllegalStateException when the settings leave no runtime that may be used; the message is for the user
     */
    public void observe(RuntimeObserver observer) {
        this.observer = observer;
        preferred = choose();
    }

    /** What new nodes are made of; answers at once, whatever is being opened. */
    public RuntimeKind preferred() {
        RuntimeKind chosen = preferred;
        if (chosen == null) {
            throw new IllegalStateException("No observer yet");
        }
        return chosen;
    }

    /** The runtime of that kind, opened when it is first asked for. */
    public NodeRuntime of(RuntimeKind kind) {
        RuntimeObserver hears = observer;
        if (hears == null) {
            throw new IllegalStateException("No observer yet");
        }
        Slot slot = slots.get(kind);
        if (slot == null) {
            throw new IllegalStateException("No runtime of kind " + kind);
        }
        return slot.open(hears);
    }

    @Override
    public String name() {
        return "runtime";
    }

    @Override
    public Optional<String> problem() {
        return slots.values().stream()
                .flatMap(slot -> Optional.ofNullable(slot.runtime).stream())
                .flatMap(runtime -> runtime.problem().stream())
                .findFirst();
    }

    /** Lets go of nodes and jobs without ending them. */
    @PreDestroy
    void close() {
        slots.values().forEach(Slot::close);
    }

    /** One kind's runtime; who opens it makes only those wait that want the same. */
    private static final class Slot {

        private final RuntimeProvider provider;

        /** Written under the lock; health reads it without, since opening one may take seconds. */
        private volatile @Nullable NodeRuntime runtime;

        Slot(RuntimeProvider provider) {
            this.provider = provider;
        }

        synchronized NodeRuntime open(RuntimeObserver observer) {
            NodeRuntime open = runtime;
            if (open == null) {
                open = provider.open(observer);
                runtime = open;
            }
            return open;
        }

        synchronized void close() {
            NodeRuntime open = runtime;
            if (open != null) {
                open.close();
                runtime = null;
            }
        }
    }

    private RuntimeKind choose() {
        return switch (wished()) {
            case "docker" -> RuntimeKind.DOCKER;
            case "process" -> RuntimeKind.PROCESS;
            case "simulated" -> RuntimeKind.SIMULATED;
            case "auto" -> automatic();
            default ->
                throw new IllegalStateException(
                        "There is no runtime '" + settings.runtime() + "': say auto, docker, process or simulated.");
        };
    }

    private String wished() {
        return settings.runtime().toLowerCase(Locale.ROOT);
    }

    private boolean engineAnswers() {
        Slot docker = slots.get(RuntimeKind.DOCKER);
        return docker != null && docker.provider.available();
    }

    private RuntimeKind automatic() {
        try {
            if (engine.get()) {
                return RuntimeKind.DOCKER;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while looking for a Docker engine", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Looking for a Docker engine failed", e.getCause());
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
