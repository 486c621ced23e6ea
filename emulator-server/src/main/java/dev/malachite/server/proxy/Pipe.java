package dev.malachite.server.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Carries bytes both ways between two sockets until both have said all, one breaks, or neither has said anything for long. */
final class Pipe {

    private final Socket client;
    private final InputStream fromClient;
    private final Socket server;

    /** Bytes carried so far, in both directions: as long as it grows, nobody is idle. */
    private final AtomicLong carried = new AtomicLong();

    /**
     * A pipe between two open sockets.
     *
     * @param fromClient the client's stream, which may hold what came behind its request
     */
    Pipe(Socket client, InputStream fromClient, Socket server) {
        this.client = client;
        this.fromClient = fromClient;
        this.server = server;
    }

    /** Returns when the tunnel has ended; the caller closes the sockets. */
    void run(Limits limits) throws IOException, InterruptedException {
        client.setSoTimeout(Limits.millis(limits.idle()));
        server.setSoTimeout(Limits.millis(limits.idle()));
        Thread outward = Thread.ofVirtual().name("proxy-out").start(() -> carry(fromClient, server));
        carry(server.getInputStream(), client);
        outward.join();
    }

    private void carry(InputStream from, Socket to) {
        byte[] buffer = new byte[Limits.BUFFER];
        long before = -1;
        try {
            while (true) {
                int count;
                try {
                    count = from.read(buffer);
                } catch (SocketTimeoutException e) {
                    if (carried.get() == before) {
                        cut();
                        return;
                    }
                    before = carried.get();
                    continue;
                }
                if (count < 0) {
                    // The other direction may have more to say.
                    to.shutdownOutput();
                    return;
                }
                to.getOutputStream().write(buffer, 0, count);
                carried.addAndGet(count);
            }
        } catch (IOException e) {
            cut();
        }
    }

    /** Wakes the other direction too, whatever it waits for. */
    private void cut() {
        for (Socket socket : new Socket[] {client, server}) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is of no use any more.
            }
        }
    }
}
