package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A prepared command with an input that ends, over a connection of our own: the client has no way to say that nothing more
 * comes. The engine takes the end of what it is sent for the end of the input, which is how {@code docker exec -i} says it.
 */
final class ExecInput {

    private static final Logger LOG = LoggerFactory.getLogger(ExecInput.class);
    private static final String BODY = "{\"Detach\":false,\"Tty\":false}";
    private static final int LONGEST_HEAD = 1 << 14;
    private static final int PIECE = 1 << 16;
    private static final int ERRORS = 2;

    private ExecInput() {}

    /** Begins the command; what it prints goes to {@code output}, which is also what ends the connection. */
    static void begin(Engine engine, String exec, InputStream in, EngineStream<Frame> output) throws IOException {
        SocketChannel connection = engine.connect();
        output.onStart(connection);
        DataInputStream from = new DataInputStream(new BufferedInputStream(Channels.newInputStream(connection)));
        OutputStream to = Channels.newOutputStream(connection);
        try {
            engine.call("begin a command", docker -> {
                try {
                    to.write(request(exec));
                    accepted(head(from));
                    return true;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (IOException e) {
            output.close();
            throw e;
        }
        Thread.ofVirtual().name("login in").start(() -> send(in, to, connection));
        Thread.ofVirtual().name("login out").start(() -> receive(from, output));
    }

    private static byte[] request(String exec) {
        return """
                POST /exec/%s/start HTTP/1.1\r
                Host: docker\r
                Content-Type: application/json\r
                Connection: Upgrade\r
                Upgrade: tcp\r
                Content-Length: %d\r
                \r
                %s""".formatted(exec, BODY.length(), BODY).getBytes(StandardCharsets.US_ASCII);
    }

    /** Up to the empty line after which the streams begin. */
    private static String head(InputStream from) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = from.read();
            if (next < 0 || head.length() == LONGEST_HEAD) {
                throw new EOFException("The engine's answer has no end");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void accepted(String head) {
        String status = head.lines().findFirst().orElse("");
        if (!status.matches("HTTP/1\\.1 101( .*)?")) {
            throw new DockerException("The engine answers '%s'.".formatted(status), 0);
        }
    }

    private static void send(InputStream in, OutputStream to, SocketChannel connection) {
        try {
            in.transferTo(to);
            connection.shutdownOutput();
        } catch (IOException e) {
            LOG.debug("a command takes no more input: {}", e.getMessage());
        }
    }

    /** Of each piece the engine says first which stream it is of, and how long it is. */
    private static void receive(DataInputStream from, EngineStream<Frame> output) {
        try {
            for (int stream = from.read(); stream >= 0; stream = from.read()) {
                from.skipNBytes(3);
                for (long left = Integer.toUnsignedLong(from.readInt()); left > 0; ) {
                    byte[] piece = from.readNBytes((int) Math.min(left, PIECE));
                    if (piece.length == 0) {
                        throw new EOFException("The engine broke off");
                    }
                    output.onNext(new Frame(stream == ERRORS ? StreamType.STDERR : StreamType.STDOUT, piece));
                    left -= piece.length;
                }
            }
            output.onComplete();
        } catch (IOException e) {
            output.onError(new UncheckedIOException(e));
        } catch (UncheckedIOException e) {
            output.onError(e);
        }
    }
}
