package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import dev.malachite.server.runtime.RuntimeAway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Docker engine with a deadline of our own round every call: the client's response timeout does not fire on a unix
 * socket, and an engine of Debian 12 can stop answering for good. A call that is late is interrupted, which closes its
 * connection.
 */
final class Engine implements AutoCloseable {

    static final Duration USUAL = Duration.ofSeconds(60);

    private static final Pattern MESSAGE = Pattern.compile("\\{\"message\":\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final DockerClient client;
    private final Optional<SocketAddress> address;
    /** Platform threads: the client may block in native code, which would hold a virtual thread's carrier. */
    private final ExecutorService threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("docker-", 0).factory());

    /** Old engines can deadlock when containers are removed side by side (moby/moby#46661). */
    private final ReentrantLock removals = new ReentrantLock();

    private Engine(DockerClient client, Optional<SocketAddress> address) {
        this.client = client;
        this.address = address;
    }

    /** The engine that {@code DOCKER_HOST} names, or the usual one. */
    static Engine fromEnvironment() {
        return at(DefaultDockerClientConfig.createDefaultConfigBuilder().build());
    }

    static Engine at(DockerClientConfig config) {
        DockerClient client = DockerClientImpl.getInstance(
                config,
                new ApacheDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .sslConfig(config.getSSLConfig())
                        .connectionTimeout(Duration.ofSeconds(10))
                        .build());
        return new Engine(client, config.getSSLConfig() == null ? address(config.getDockerHost()) : Optional.empty());
    }

    private static Optional<SocketAddress> address(URI host) {
        return switch (host.getScheme()) {
            case "unix" -> Optional.of(UnixDomainSocketAddress.of(host.getPath()));
            case "tcp" -> Optional.of(new InetSocketAddress(host.getHost(), host.getPort()));
            case null, default -> Optional.empty();
        };
    }

    /** What was asked about is not there. */
    static final class Missing extends IOException {
        Missing(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The engine did not answer, or could not be reached. */
    static final class Gone extends RuntimeAway {
        Gone(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** For streams, which have no deadline; everything else goes through {@link #call}. */
    DockerClient streams() {
        return client;
    }

    /** Whether {@link #connect} can: an engine behind TLS or a named pipe takes more than a socket. */
    boolean connectable() {
        return address.isPresent();
    }

    /** A connection of our own, for what the client cannot do. */
    SocketChannel connect() throws IOException {
        return call("connect", docker -> {
            try {
                return SocketChannel.open(address.orElseThrow());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    <T> T call(String what, Function<DockerClient, T> call) throws IOException {
        return call(what, USUAL, call);
    }

    <T> T call(String what, Duration deadline, Function<DockerClient, T> call) throws IOException {
        Future<T> answer;
        try {
            answer = threads.submit(() -> call.apply(client));
        } catch (RejectedExecutionException e) {
            throw new Gone("The Docker runtime is closed: " + what, e);
        }
        try {
            return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new Gone("The Docker engine did not answer within " + deadline.toSeconds() + " s: " + what, e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new Gone("Interrupted: " + what, e);
        } catch (ExecutionException e) {
            throw translated(what, e.getCause() == null ? e : e.getCause());
        }
    }

    /** Removes something, one at a time; what is not there is fine. */
    void remove(String what, Function<DockerClient, ?> call) throws IOException {
        removals.lock();
        try {
            call(what, call);
        } catch (Missing e) {
            // Somebody was quicker.
        } finally {
            removals.unlock();
        }
    }

    boolean answers(Duration deadline) {
        try {
            call("ping", deadline, docker -> docker.pingCmd().exec());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static IOException translated(String what, Throwable cause) {
        if (cause instanceof NotFoundException) {
            return new Missing(what + ": " + message(cause), cause);
        }
        if (cause instanceof DockerException) {
            return new IOException(what + ": " + message(cause), cause);
        }
        return new Gone("The Docker engine cannot be reached: " + what + ": " + cause.getMessage(), cause);
    }

    /** The engine's own words out of {@code Status 404: {"message":"..."}}. */
    static String message(Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        Matcher message = MESSAGE.matcher(text);
        return message.find() ? message.group(1).replace("\\\"", "\"") : text.strip();
    }
}
