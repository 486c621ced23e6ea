package dev.malachite.server.control;

import dev.malachite.api.AzureError;
import dev.malachite.server.loop.EventLog;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.loop.EventLog.Entry;
import dev.malachite.server.web.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.databind.node.ObjectNode;

/**
 * What happens, as server-sent events: a test awaits {@code job.running} without asking again and again. A client that
 * comes back with {@code Last-Event-ID} misses nothing that is still kept.
 */
@RestController
@RequestMapping("/_emulator")
class EventController {

    /** A reader that falls this far behind is cut off; it comes back with the last number it saw. */
    private static final int MOST_BEHIND = 10_000;

    /** A reader that has gone shows only when it is written to. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    private static final int MOST_READERS = 100;

    private final EventLog log;
    private final Set<Thread> feeds = ConcurrentHashMap.newKeySet();

    EventController(EventLog log) {
        this.log = log;
    }

    @GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter events(@RequestHeader(name = "Last-Event-ID", defaultValue = "-1") long last) {
        if (feeds.size() >= MOST_READERS) {
            throw new AzureException(new AzureError(
                    429, "TooManyRequests", "%d readers listen already; close one.".formatted(MOST_READERS)));
        }
        SseEmitter emitter = new SseEmitter(0L);
        LinkedBlockingQueue<Entry> queue = new LinkedBlockingQueue<>(MOST_BEHIND);
        AtomicBoolean behind = new AtomicBoolean();
        // On the loop's thread: nothing here may wait for a reader.
        EventLog.Listening listening = log.listen(entry -> {
            if (!queue.offer(entry)) {
                behind.set(true);
            }
        });
        Thread feed = Thread.ofVirtual().name("events").unstarted(() -> {
            feed(emitter, queue, behind, last);
            listening.close();
            feeds.remove(Thread.currentThread());
        });
        emitter.onCompletion(feed::interrupt);
        emitter.onTimeout(feed::interrupt);
        emitter.onError(failure -> feed.interrupt());
        feeds.add(feed);
        feed.start();
        return emitter;
    }

    /** Or the web server would wait for its readers, half a minute long, before it stops. */
    @EventListener(ContextClosedEvent.class)
    void stop() {
        feeds.forEach(Thread::interrupt);
    }

    private void feed(SseEmitter emitter, LinkedBlockingQueue<Entry> queue, AtomicBoolean behind, long last) {
        long sent = last;
        try {
            emitter.send(SseEmitter.event().comment("listening"));
            if (last >= 0) {
                for (Entry entry : log.after(last)) {
                    send(emitter, entry);
                    sent = entry.number();
                }
            }
            while (!behind.get()) {
                Entry entry = queue.poll(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS);
                if (entry == null) {
                    emitter.send(SseEmitter.event().comment("still here"));
                } else if (entry.number() > sent) {
                    send(emitter, entry);
                    sent = entry.number();
                }
            }
            emitter.complete();
        } catch (IOException | IllegalStateException e) {
            emitter.complete(); // the reader has gone
        } catch (InterruptedException e) {
            emitter.complete(); // so have we, or it is known already that the reader has
        }
    }

    private static void send(SseEmitter emitter, Entry entry) throws IOException {
        emitter.send(SseEmitter.event()
                .id(Long.toString(entry.number()))
                .name(entry.event().type())
                .data(Json.text(json(entry))));
    }

    private static ObjectNode json(Entry entry) {
        return Json.object()
                .put("number", entry.number())
                .put("at", entry.at().toString())
                .put("type", entry.event().type())
                .put(
                        "workspaceId",
                        entry.event().target().map(t -> t.workspace().value()).orElse(null))
                .put("target", entry.event().target().map(t -> t.name()).orElse(null))
                .put("node", entry.event().node().map(n -> n.value()).orElse(null))
                .put("runId", entry.event().job().map(j -> j.run()).orElse(null))
                .put("message", entry.event().message());
    }
}
