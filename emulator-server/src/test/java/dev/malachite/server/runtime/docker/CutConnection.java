package dev.malachite.server.runtime.docker;

import com.github.dockerjava.core.DefaultDockerClientConfig;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A way to the engine that a test can cut and mend: to the runtime the engine is gone and comes back. */
final class CutConnection implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final String engine;
    private final List<Closeable> open = new ArrayList<>();
    private boolean cut;

    CutConnection() throws IOException {
        engine = URI.create(DefaultDockerClientConfig.createDefaultConfigBuilder()
                        .build()
                        .getDockerHost()
                        .toString())
                .getPath();
        Thread.ofPlatform().daemon().start(this::accept);
    }

    Engine engine() {
        return Engine.at(DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost("tcp://127.0.0.1:" + listener.getLocalPort())
                .withDockerTlsVerify(false)
                .build());
    }

    synchronized void cut() throws IOException {
        cut = true;
        for (Closeable connection : open) {
            connection.close();
        }
        open.clear();
    }

    synchronized void mend() {
        cut = false;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                connect(listener.accept());
            } catch (IOException e) {
                // The test is over, or the connection was cut at once.
            }
        }
    }

    private synchronized void connect(Socket client) throws IOException {
        if (cut) {
            client.close();
            return;
        }
        SocketChannel server = SocketChannel.open(UnixDomainSocketAddress.of(engine));
        open.add(client);
        open.add(server);
        Thread.ofVirtual().start(() -> {
            try (server) {
                client.getInputStream().transferTo(Channels.newOutputStream(server));
                server.shutdownOutput();
            } catch (IOException e) {
                // Cut.
            }
        });
        Thread.ofVirtual().start(() -> {
            try (client) {
                Channels.newInputStream(server).transferTo(client.getOutputStream());
            } catch (IOException e) {
                // Cut.
            }
        });
    }
}
