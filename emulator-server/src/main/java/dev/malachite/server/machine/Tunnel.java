package dev.malachite.server.machine;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Carries the bytes of a WebSocket between a browser and a Jupyter server once both have agreed on it. What they say is their
 * own: frames, compression and pings pass as they are.
 */
public final class Tunnel implements HttpUpgradeHandler {

    private static final int BUFFER = 1 << 14;

    private @Nullable ServerConnection server;
    private @Nullable WebConnection browser;
    private Runnable closed = () -> {};

    /** For the web server, which makes it. */
    public Tunnel() {}

    /** Says where to, before the web server begins, and who hears of its end. */
    void to(ServerConnection connection, Runnable whenClosed) {
        server = connection;
        closed = whenClosed;
    }

    @Override
    public void init(WebConnection connection) {
        browser = connection;
        ServerConnection behind = server;
        if (behind == null) {
            throw new IllegalStateException("A tunnel that leads nowhere");
        }
        try {
            ServletInputStream in = connection.getInputStream();
            in.setReadListener(new FromBrowser(in, behind.out()));
            ServletOutputStream out = connection.getOutputStream();
            Thread.ofVirtual().name("tunnel").start(() -> fromServer(behind.in(), out));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void destroy() {
        close();
        closed.run();
    }

    private void fromServer(InputStream in, OutputStream out) {
        byte[] buffer = new byte[BUFFER];
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
                out.flush();
            }
        } catch (IOException | IllegalStateException e) {
            // One of the two has gone; the other one learns it now.
        } finally {
            close();
        }
    }

    private void close() {
        ServerConnection behind = server;
        WebConnection before = browser;
        if (behind != null) {
            behind.close();
        }
        try {
            if (before != null) {
                before.close();
            }
        } catch (Exception e) {
            // It was closed already.
        }
    }

    /** Called by the web server whenever something has come. */
    private final class FromBrowser implements ReadListener {

        private final ServletInputStream in;
        private final OutputStream out;
        private final byte[] buffer = new byte[BUFFER];

        FromBrowser(ServletInputStream in, OutputStream out) {
            this.in = in;
            this.out = out;
        }

        @Override
        public void onDataAvailable() {
            try {
                while (in.isReady()) {
                    int count = in.read(buffer);
                    if (count < 0) {
                        close();
                        return;
                    }
                    out.write(buffer, 0, count);
                }
            } catch (IOException e) {
                close();
            }
        }

        @Override
        public void onAllDataRead() {
            close();
        }

        @Override
        public void onError(Throwable failure) {
            close();
        }
    }
}
