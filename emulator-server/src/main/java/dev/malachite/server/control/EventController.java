package dev.malachite.server.control;

import dev.malachite.server.loop.EventLog;
import dev.malachite.server.loop.EventLog.Entry;
import dev.malachite.server.web.Json;
import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
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

    private final EventLog log;

    EventController(EventLog log) {
        this.log = log;
    }

    @GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter events(@RequestHeader(name = "Last-Event-ID", defaultValue = "-1") long last) {
        SseEmitter emitter = new SseEmitter(0L);
        LinkedBlockingQueue<Entry> queue = new LinkedBlockingQueue<>(MOST_BEHIND);
        EventLog.Listening listening = log.listen(entry -> {
            if (!queue.offer(entry)) {
                emitter.complete();
            }
        });
        Runnable close = listening::close;
        emitter.onCompletion(close);
        emitter.onTimeout(close);
        emitter.onError(failure -> close.run());
        Thread.ofVirtual().name("events").start(() -> feed(emitter, queue, last, close));
        return emitter;
    }

    private void feed(SseEmitter emitter, LinkedBlockingQueue<Entry> queue, long last, Runnable close) {
        long sent = last;
        try {
            emitter.send(SseEmitter.event().comment("listening"));
            if (last >= 0) {
                for (Entry entry : log.after(last)) {
                    send(emitter, entry);
                    sent = entry.number();
                }
            }
            while (true) {
                Entry entry = queue.take();
                if (entry.number() > sent) {
                    send(emitter, entry);
                    sent = entry.number();
                }
            }
        } catch (IOException | IllegalStateException e) {
            close.run(); // the reader has gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
