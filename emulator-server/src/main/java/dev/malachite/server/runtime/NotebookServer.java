package dev.malachite.server.runtime;

import dev.malachite.server.runtime.InstanceRuntime.Notebooks;
import dev.malachite.server.web.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Asks the Jupyter server of a compute instance whether it answers, and when somebody last did something there. */
public final class NotebookServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long PAUSE_MILLIS = 100;
    private static final int KEY_BYTES = 32;

    /** Of an answer: the machine is its user's, and says what they like. */
    private static final long LARGEST = 4L << 20;

    private final LocalHttp http = new LocalHttp();

    /** A new key for a server. */
    public static String newKey() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return HexFormat.of().formatHex(key);
    }

    /** Whether that is what a key looks like. */
    public static boolean isKey(String text) {
        return text.matches("[0-9a-f]{%d}".formatted(2 * KEY_BYTES));
    }

    /**
     * Returns when it answers.
     *
     * @param alive whether it can still come; asked now and then
     */
    public void await(Notebooks server, Duration deadline, BooleanSupplier alive) throws IOException {
        long start = System.nanoTime();
        while (true) {
            try {
                ask(server, "api/status");
                return;
            } catch (IOException e) {
                if (!alive.getAsBoolean()) {
                    throw new IOException("The Jupyter server has ended", e);
                }
                if (System.nanoTime() - start > deadline.toNanos()) {
                    throw new IOException("The Jupyter server did not answer within " + deadline.toSeconds() + " s", e);
                }
            }
            pause();
        }
    }

    /**
     * When somebody last used a kernel or a terminal; now where a kernel computes. A page that is merely open is nobody at
     * work, as on Azure (idle shutdown looks at kernels, terminals and SSH sessions).
     */
    public Optional<Instant> lastActivity(Notebooks server) throws IOException {
        JsonNode kernels = ask(server, "api/kernels?no_track_activity=1");
        if (StreamSupport.stream(kernels.spliterator(), false)
                .anyMatch(kernel ->
                        "busy".equals(Json.string(kernel, "execution_state").orElse("")))) {
            return Optional.of(InstantSource.system().instant());
        }
        return Stream.concat(
                        StreamSupport.stream(kernels.spliterator(), false),
                        StreamSupport.stream(
                                ask(server, "api/terminals?no_track_activity=1").spliterator(), false))
                .flatMap(each -> Json.string(each, "last_activity").stream())
                .flatMap(text -> parsed(text).stream())
                .max(Instant::compareTo)
                .map(at -> Stream.of(at, InstantSource.system().instant())
                        .min(Instant::compareTo)
                        .get());
    }

    @Override
    public void close() {
        http.close();
    }

    /** The emulator ends. */
    private static final class Interrupted extends RuntimeAway {
        Interrupted(InterruptedException cause) {
            super("Interrupted while a Jupyter server was asked", cause);
        }
    }

    private JsonNode ask(Notebooks server, String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.address() + server.path() + path))
                .timeout(PATIENCE)
                .header(InstanceRuntime.KEY_HEADER, server.key())
                .build();
        CompletableFuture<HttpResponse<String>> asked =
                http.client().sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), LARGEST));
        try {
            // The request's own limit ends with the head of the answer.
            HttpResponse<String> answer = asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.statusCode() != 200) {
                throw new IOException("The Jupyter server answers " + answer.statusCode() + " about " + path);
            }
            return Json.mapper().readTree(answer.body());
        } catch (JacksonException e) {
            throw new IOException("The Jupyter server's answer about " + path + " is no JSON", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("The Jupyter server does not answer about " + path + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Interrupted(e);
        } finally {
            asked.cancel(true);
        }
    }

    private static Optional<Instant> parsed(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Interrupted(e);
        }
    }
}
