package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.model.Info;
import java.io.IOException;

/** How big the engine's machine is and what it has, which need not be ours; asked once. */
final class HostSize {

    /** What a container that waits was seen to hold: 4 to 8 MiB. */
    private static final long WAITING = 8L << 20;

    /** The part of the memory that waiting may take. */
    private static final int SHARE = 8;

    private static final int MOST_WAITING = 10_000;

    private static final long LEAST_MEMORY = 1L << 30;

    private final Engine engine;
    private int cpus;
    private long memory;
    private boolean gpus;

    HostSize(Engine engine) {
        this.engine = engine;
    }

    synchronized int cpus() throws IOException {
        ask();
        return cpus;
    }

    /** In bytes. */
    synchronized long memory() throws IOException {
        ask();
        return memory;
    }

    /** Whether it can give GPUs to containers: NVIDIA's toolkit adds a runtime of this name to the engine. */
    synchronized boolean gpus() throws IOException {
        ask();
        return gpus;
    }

    /** How many containers may wait when nobody has said it. */
    int warmContainers() throws IOException {
        return warmContainers(memory());
    }

    static int warmContainers(long memory) {
        return Math.clamp(memory / SHARE / WAITING, 1, MOST_WAITING);
    }

    private void ask() throws IOException {
        if (cpus == 0) {
            Info info = engine.call("ask the engine", docker -> docker.infoCmd().exec());
            memory = info.getMemTotal() == null ? LEAST_MEMORY : Math.max(LEAST_MEMORY, info.getMemTotal());
            gpus = info.getRuntimes() != null && info.getRuntimes().containsKey("nvidia");
            cpus = info.getNCPU() == null ? 1 : Math.max(1, info.getNCPU());
        }
    }
}
