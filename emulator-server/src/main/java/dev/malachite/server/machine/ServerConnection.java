package dev.malachite.server.machine;

import dev.malachite.server.machine.ProxyHeaders.Header;
import dev.malachite.server.runtime.InstanceRuntime;
import dev.malachite.server.runtime.InstanceRuntime.Notebooks;
import jakarta.servlet.http.HttpServletRequest;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A connection of its own to a Jupyter server, on which it was asked for a WebSocket (RFC 6455, 4.1). The key and its answer
 * are the browser's and the server's.
 */
final class ServerConnection implements AutoCloseable {

    private static final int CONNECT_MILLIS = 5_000;

    /** Until it agrees; a kernel may have to start for it. */
    private static final int AGREE_MILLIS =
            Math.toIntExact(Duration.ofMinutes(2).toMillis());

    private static final int LARGEST_HEAD = 32 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final int status;
    private final List<Header> headers;

    private ServerConnection(Socket socket, InputStream in, OutputStream out, int status, List<Header> headers) {
        this.socket = socket;
        this.in = in;
        this.out = out;
        this.status = status;
        this.headers = headers;
    }

    static ServerConnection ask(HttpServletRequest request, Notebooks server) throws IOException {
        URI address = URI.create(server.address());
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), CONNECT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(AGREE_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write(head(request, address, server.key()).getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            InputStream in = new BufferedInputStream(socket.getInputStream());
            String[] lines = readHead(in).split("\r\n", -1);
            String[] first = lines[0].split(" ", 3);
            if (first.length < 2 || !first[1].matches("[1-5]\\d\\d")) {
                throw new IOException("No answer of HTTP: " + lines[0]);
            }
            socket.setSoTimeout(0);
            return new ServerConnection(socket, in, out, Integer.parseInt(first[1]), headers(lines));
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    InputStream in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    /** 101 where the server agrees. */
    int status() {
        return status;
    }

    /** What it says about the WebSocket. */
    List<Header> headers() {
        return headers;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It was closed already.
        }
    }

    private static String head(HttpServletRequest request, URI address, String key) {
        StringBuilder head = new StringBuilder();
        head.append("GET ").append(NotebookProxy.target(request)).append(" HTTP/1.1\r\n");
        line(head, "Host", address.getAuthority());
        line(head, "Connection", "Upgrade");
        line(head, "Upgrade", "websocket");
        line(head, InstanceRuntime.KEY_HEADER, key);
        ProxyHeaders.toServer(request).forEach(header -> line(head, header.name(), header.value()));
        return head.append("\r\n").toString();
    }

    private static void line(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }

    private static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int last = 0;
        for (int next = in.read(); ; next = in.read()) {
            if (next < 0 || head.size() > LARGEST_HEAD) {
                throw new IOException("The Jupyter server's answer broke off");
            }
            head.write(next);
            last = last << 8 | next;
            if (last == 0x0d0a0d0a) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
        }
    }

    private static List<Header> headers(String[] lines) {
        List<Header> headers = new ArrayList<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-")) {
                headers.add(new Header(
                        line.substring(0, colon), line.substring(colon + 1).strip()));
            }
        }
        return headers;
    }
}
