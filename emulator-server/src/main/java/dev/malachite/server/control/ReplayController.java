package dev.malachite.server.control;

import dev.malachite.api.AzureError;
import dev.malachite.api.Errors;
import dev.malachite.server.Settings;
import dev.malachite.server.event.EventLog;
import dev.malachite.server.event.Replay;
import dev.malachite.server.web.AzureException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import tools.jackson.databind.node.ObjectNode;

/** Hands out the log, and decides one anew: whether what happened follows from what the engine was told. */
@RestController
@RequestMapping("/_emulator/events")
class ReplayController {

    /** Each keeps a state in memory. */
    private static final int AT_ONCE = 2;

    private final EventLog log;
    private final Semaphore places = new Semaphore(AT_ONCE);

    /** Twice what the log keeps: of another emulator's, whose bound was another. */
    private final long mostBytes;

    ReplayController(EventLog log, Settings settings) {
        this.log = log;
        this.mostBytes = settings.eventsMib() * 2L * 1024 * 1024;
    }

    /** The log as JSON lines, from the oldest state on that is kept. */
    @GetMapping(path = "/export", produces = "application/x-ndjson")
    void export(HttpServletResponse response) throws AsyncRequestNotUsableException {
        response.setContentType("application/x-ndjson");
        try {
            log.export(response.getOutputStream());
        } catch (IOException e) {
            throw new AsyncRequestNotUsableException("the reader has gone", e);
        }
    }

    /** Body: an exported log. */
    @PostMapping("/replay")
    ObjectNode replay(HttpServletRequest request) throws IOException {
        if (request.getContentLengthLong() > mostBytes) {
            throw new AzureException(Errors.tooLarge("The log", mostBytes));
        }
        if (!places.tryAcquire()) {
            throw new AzureException(new AzureError(
                    429, "TooManyRequests", "%d logs are being replayed already; wait for one.".formatted(AT_ONCE)));
        }
        try {
            Replay replay = new Replay();
            BodyLines lines = new BodyLines(request.getInputStream(), mostBytes);
            for (String line = lines.next(); line != null; line = lines.next()) {
                replay.take(line);
            }
            replay.end();
            return replay.json();
        } catch (Replay.Unreadable e) {
            throw new AzureException(Errors.invalidContent(String.valueOf(e.getMessage())));
        } finally {
            places.release();
        }
    }
}
