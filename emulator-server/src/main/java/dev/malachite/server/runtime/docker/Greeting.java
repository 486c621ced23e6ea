package dev.malachite.server.runtime.docker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits until an sshd greets: the engine takes connections to a published port before anybody listens behind it. */
final class Greeting {

    private static final String SSH = "SSH-";
    private static final int PATIENCE_MILLIS = 5_000;
    private static final long PAUSE_MILLIS = 50;

    private Greeting() {}

    /**
     * Returns when it greets.
     *
     * @param alive whether it can still come; asked now and then
     */
    static void await(InetSocketAddress door, Duration deadline, BooleanSupplier alive) throws IOException {
        long start = System.nanoTime();
        while (!greets(door)) {
            if (!alive.getAsBoolean()) {
                throw new IOException("The machine has ended before its sshd listened");
            }
            if (System.nanoTime() - start > deadline.toNanos()) {
                throw new IOException("The machine's sshd did not greet within " + deadline.toSeconds() + " s");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Engine.Gone("Interrupted while an sshd was waited for", e);
            }
        }
    }

    private static boolean greets(InetSocketAddress door) {
        try (Socket socket = new Socket()) {
            socket.connect(door, PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            byte[] said = socket.getInputStream().readNBytes(SSH.length());
            return SSH.equals(new String(said, StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return false;
        }
    }
}
