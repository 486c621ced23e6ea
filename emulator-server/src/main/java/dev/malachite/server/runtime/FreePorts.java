package dev.malachite.server.runtime;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Finds ports of this machine for servers that keep theirs for as long as an instance lives. */
public final class FreePorts {

    /** Above those of jobs, and below those that the system gives away by itself. */
    private static final int FIRST = 30_000;

    private static final int COUNT = 2_700;

    private FreePorts() {}

    /** A port on which nobody listens at the moment. Another emulator may choose the same one: whoever is late tries again. */
    public static int any() throws IOException {
        int start = ThreadLocalRandom.current().nextInt(COUNT);
        for (int i = 0; i < COUNT; i++) {
            int port = FIRST + (start + i) % COUNT;
            if (free(port)) {
                return port;
            }
        }
        throw new IOException("No port from %d to %d is free".formatted(FIRST, FIRST + COUNT - 1));
    }

    /** Whether nobody listens on it, on whatever address. */
    public static boolean free(int port) {
        try (ServerSocket all = new ServerSocket(port)) {
            return all.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
