package dev.malachite.server.runtime;

import java.net.http.HttpClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks servers on this machine, past any proxy. The client is made when it is first used: making one reads every
 * authority that the machine trusts, which costs a start of the emulator 50 ms.
 */
public final class LocalHttp implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private @Nullable HttpClient client;
    private boolean closed;

    /**
     * The one client, made when it is first asked for.
     *
     * @throws IllegalStateException when this is closed
     */
    public synchronized HttpClient client() {
        if (closed) {
            throw new IllegalStateException("The emulator ends");
        }
        if (client == null) {
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .proxy(HttpClient.Builder.NO_PROXY)
                    .connectTimeout(PATIENCE)
                    .build();
        }
        return client;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.shutdownNow();
        }
    }
}
