package dev.malachite.server.control;

import dev.malachite.api.AzureError;
import dev.malachite.server.event.EventLog;
import dev.malachite.server.event.EventReader;
import dev.malachite.server.event.LoggedEvent;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * What happens, as server-sent events: a test awaits {@code job.running} without asking again and again. A client that
 * comes back with {@code Last-Event-ID} misses nothing that is still kept.
 */
@RestController
@RequestMapping("/_emulator")
class EventController {

    private static final Logger LOG = LoggerFactory.getLogger(EventController.class);

    /** A reader that has gone shows only when it is written to. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    private static final int MOST_READERS = 100;
    private static final int PROBES = 5;
    private static final Duration BETWEEN_PROBES = Duration.ofMillis(100);

    private final EventLog log;
    private final Semaphore places = new Semaphore(MOST_READERS);
    private final Set<Thread> feeds = ConcurrentHashMap.newKeySet();

    EventController(EventLog log) {
        this.log = log;
    }

    /**
     * The feed goes on after the number in {@code Last-Event-ID}, else after {@code after}: -1, as without either, begins
     * with what happens next, 0 with the oldest that is kept.
     */
    @GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter eventFeed(
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable Long last,
            @RequestParam(defaultValue = "-1") long after,
            @RequestParam(required = false) @Nullable Set<String> types,
            @RequestParam(required = false) @Nullable String run,
            @RequestParam(required = false) @Nullable String target)
            throws IOException, InterruptedException {
        if (!placeComesFree()) {
            throw new AzureException(new AzureError(
                    429, "TooManyRequests", "%d readers listen already; close one.".formatted(MOST_READERS)));
        }
        Predicate<LoggedEvent> wanted = event -> (types == null || types.contains(event.type()))
                && (run == null || event.run().equals(Optional.of(run)))
                && (target == null
                        || event.target().filter(target::equalsIgnoreCase).isPresent());
        EventReader reader;
        try {
            reader = log.after(last == null ? after : last);
        } catch (IOException | RuntimeException e) {
            places.release();
            throw e;
        }
        SseEmitter emitter = new SseEmitter(0L);
        Thread feed = Thread.ofVirtual().name("events").unstarted(() -> {
            try (reader) {
                feed(emitter, reader, wanted);
            } catch (IOException e) {
                LOG.debug("a reader's file could not be closed", e);
            } finally {
                feeds.remove(Thread.currentThread());
                places.release();
            }
        });
        emitter.onCompletion(feed::interrupt);
        emitter.onTimeout(feed::interrupt);
        emitter.onError(failure -> feed.interrupt());
        feeds.add(feed);
        feed.start();
        return emitter;
    }

    /** Nobody would read what follows such an answer, and that nobody does would never show. */
    @RequestMapping(path = "/events", method = RequestMethod.HEAD, produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    ResponseEntity<Void> eventFeedHead() {
        return ResponseEntity.ok().build();
    }

    /** When all places are taken, those whose reader has gone come free soon after something was written to them, twice. */
    private boolean placeComesFree() throws InterruptedException {
        boolean free = places.tryAcquire();
        for (int i = 0; i < PROBES && !free; i++) {
            log.rouseReaders();
            free = places.tryAcquire(BETWEEN_PROBES.toMillis(), TimeUnit.MILLISECONDS);
        }
        return free;
    }

    /** Or the web server would wait for its readers, half a minute long, before it stops. */
    @EventListener(ContextClosedEvent.class)
    void stop() {
        feeds.forEach(Thread::interrupt);
    }

    private static void feed(SseEmitter emitter, EventReader reader, Predicate<LoggedEvent> wanted) {
        try {
            // One whose connection breaks before the first event comes back with this.
            emitter.send(SseEmitter.event().comment("listening").id(Long.toString(reader.sent())));
            long sent = System.nanoTime();
            while (true) {
                Optional<LoggedEvent> event = reader.next(KEEP_ALIVE);
                if (event.filter(wanted).isPresent()) {
                    send(emitter, event.get());
                } else if (event.isPresent() && System.nanoTime() - sent < KEEP_ALIVE.toNanos()) {
                    continue; // one that it does not want
                } else {
                    emitter.send(SseEmitter.event().comment("still here"));
                }
                sent = System.nanoTime();
            }
        } catch (IOException | IllegalStateException e) {
            emitter.complete(); // the reader has gone
        } catch (InterruptedException e) {
            emitter.complete(); // so have we, or it is known already that the reader has
        }
    }

    private static void send(SseEmitter emitter, LoggedEvent event) throws IOException {
        emitter.send(SseEmitter.event()
                .id(Long.toString(event.number()))
                .name(event.type())
                .data(Json.text(event.json())));
    }
}
