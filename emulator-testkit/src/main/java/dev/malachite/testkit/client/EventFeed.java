package dev.malachite.testkit.client;

import dev.malachite.api.AzureError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events on a thread of its own, and goes on behind the last one when the connection breaks. */
final class EventFeed {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Between two tries; the emulator may be starting again. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Wire wire;
    private final Consumer<Event> listener;
    private final CompletableFuture<@Nullable Void> listening = new CompletableFuture<>();
    private final Thread thread;

    /** What the emulator calls the event that was seen last; -1: what happens from now on. */
    private String last = "-1";

    private volatile boolean closed;
    private volatile @Nullable InputStream stream;
    private volatile @Nullable String problem;

    private EventFeed(Wire wire, Consumer<Event> listener) {
        this.wire = wire;
        this.listener = listener;
        this.thread = new Thread(this::run, "malachite-events");
        thread.setDaemon(true);
    }

    /** Returns when the emulator has said that it will tell of all that happens from now on. */
    static EventFeed open(Wire wire, Consumer<Event> listener) {
        EventFeed feed = new EventFeed(wire, listener);
        feed.thread.start();
        try {
            feed.listening.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return feed;
        } catch (ExecutionException e) {
            feed.close();
            throw e.getCause() instanceof MalachiteException refusal
                    ? refusal
                    : new MalachiteException(feed.call(), "the feed cannot be read", e);
        } catch (TimeoutException e) {
            feed.close();
            throw new MalachiteException(feed.call(), "the feed does not begin", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            feed.close();
            throw new MalachiteException(feed.call(), "interrupted", e);
        }
    }

    /** Why nothing comes at the moment; empty while the connection stands. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    void close() {
        closed = true;
        InputStream open = stream;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                problem = e.getMessage(); // it is being left anyway
            }
        }
        LockSupport.unpark(thread);
    }

    private String call() {
        return "GET " + wire.uri("/events");
    }

    private void run() {
        while (!closed) {
            try {
                read();
                problem = "the emulator ended it";
            } catch (IOException e) {
                problem =
                        Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
                listening.completeExceptionally(new MalachiteException(call(), "no answer (" + problem + ")", e));
            } catch (InterruptedException e) {
                return;
            } catch (MalachiteException e) {
                problem = e.getMessage();
                listening.completeExceptionally(e);
            }
            if (!closed) {
                LockSupport.parkNanos(this, PAUSE.toNanos());
            }
        }
    }

    private void read() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(wire.uri("/events"))
                .header("Accept", "text/event-stream")
                .header("Last-Event-ID", last)
                .build();
        HttpResponse<InputStream> response = wire.http().send(request, BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
                AzureError error = Wire.error(response.statusCode(), text);
                throw new MalachiteException(call(), error);
            }
            stream = body;
            if (!closed) {
                follow(new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8)));
            }
        } finally {
            stream = null;
        }
    }

    /** Fields of one event stand on lines of their own, an empty line ends it; what begins with a colon is a comment. */
    private void follow(BufferedReader lines) throws IOException {
        StringBuilder data = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            // The first line, a comment, comes when the emulator listens on our behalf.
            problem = null;
            listening.complete(null);
            if (line.startsWith("id:")) {
                last = line.substring("id:".length()).strip();
            } else if (line.startsWith("data:")) {
                data.append(line.substring("data:".length()).strip());
            } else if (line.isEmpty() && !data.isEmpty()) {
                listener.accept(Wire.read(Wire.JSON.readTree(data.toString()), Event.class));
                data.setLength(0);
            }
        }
    }
}
