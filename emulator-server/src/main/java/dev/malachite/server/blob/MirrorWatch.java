package dev.malachite.server.blob;

import dev.malachite.server.web.AzureException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Brings to an Azurite what nobody asks for: at the start all that was written without it, then each second what running
 * jobs have printed.
 */
@Component
class MirrorWatch implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(MirrorWatch.class);

    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final BlobStore store;
    private @Nullable Thread thread;

    MirrorWatch(BlobStore store) {
        this.store = store;
    }

    @Override
    public synchronized void start() {
        if (store.isMirrored()) {
            store.connect();
            thread = Thread.ofVirtual().name("mirror").start(this::watch);
        }
    }

    @Override
    public synchronized void stop() {
        if (thread != null) {
            thread.interrupt();
            thread = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    /** Before anybody is served. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }

    private void watch() {
        boolean whole = false;
        boolean away = false;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                if (whole) {
                    store.bringLogs();
                } else {
                    store.bringAll();
                    whole = true;
                }
                away = false;
            } catch (IOException | AzureException | BlobException e) {
                if (!away) {
                    LOG.warn("what was written here is brought to it later: {}", e.getMessage());
                }
                away = true;
            }
            try {
                Thread.sleep(AGAIN);
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
