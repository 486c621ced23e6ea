package dev.malachite.server.page;

import dev.malachite.api.AzureError;
import dev.malachite.engine.JobId;
import dev.malachite.server.event.EventLog;
import dev.malachite.server.run.RunView;
import dev.malachite.server.run.Runs;
import dev.malachite.server.web.AzureException;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Those who follow a log at the moment: a limited number, each in a thread that costs nearly nothing. */
@Component
class Followers {

    private static final Logger LOG = LoggerFactory.getLogger(Followers.class);
    private static final int MOST = 20;

    private final Semaphore places = new Semaphore(MOST);
    private final Set<LogFollower> open = ConcurrentHashMap.newKeySet();
    private final EventLog events;
    private final Runs runs;

    Followers(EventLog events, Runs runs) {
        this.events = events;
        this.runs = runs;
    }

    /** From {@code offset} in the file of that key on, until the run has ended and all of it was sent. */
    SseEmitter follow(JobId run, LogFile file, String key, long offset) {
        if (!places.tryAcquire()) {
            throw new AzureException(new AzureError(
                    429,
                    "TooManyRequests",
                    "%d logs are being followed already; close a page that follows one.".formatted(MOST)));
        }
        SseEmitter emitter = new SseEmitter(0L);
        LogFollower follower = new LogFollower(file, emitter, () -> ended(run), key, offset);
        emitter.onCompletion(follower::close);
        emitter.onTimeout(follower::close);
        emitter.onError(failure -> follower.close());
        open.add(follower);
        Thread.ofVirtual().name("log").start(() -> serve(run, follower, emitter));
        return emitter;
    }

    /** Or the web server would wait for open pages before it stops. */
    @EventListener(ContextClosedEvent.class)
    void stop() {
        open.forEach(LogFollower::close);
    }

    private void serve(JobId run, LogFollower follower, SseEmitter emitter) {
        EventLog.Listening listening = events.listen(entry -> {
            if (entry.event().job().equals(Optional.of(run))) {
                follower.ring();
            }
        });
        try (listening) {
            follower.follow();
            emitter.complete();
        } catch (IOException | IllegalStateException e) {
            emitter.complete(); // the reader has gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (!follower.isClosed()) { // at the very end, the database goes first
                LOG.error("a log could not be followed: a bug in the emulator", e);
            }
            emitter.complete();
        } finally {
            open.remove(follower);
            places.release();
        }
    }

    /** A run that was removed has ended too. */
    private boolean ended(JobId run) {
        return runs.find(run.workspace(), run.run()).map(RunView::isFinal).orElse(true);
    }
}
