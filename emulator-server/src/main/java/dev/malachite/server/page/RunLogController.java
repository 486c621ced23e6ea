package dev.malachite.server.page;

import dev.malachite.api.Errors;
import dev.malachite.server.page.LogFile.Look;
import dev.malachite.server.run.RunView;
import dev.malachite.server.web.AzureException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** What a run printed and left, as plain bytes or live. */
@RestController
@RequestMapping(PageRun.PATH)
class RunLogController {

    private static final int MOST = 1024 * 1024;
    private static final MediaType TEXT = MediaType.parseMediaType("text/plain;charset=utf-8");
    private static final Pattern MARK = Pattern.compile("([0-9a-z]{1,8})-(\\d{1,18})");

    private final PageRun page;
    private final Followers followers;

    RunLogController(PageRun page, Followers followers) {
        this.page = page;
        this.followers = followers;
    }

    /** At most 1 MiB from byte {@code from} on; {@code X-Log-Length} says how much there is. */
    @GetMapping("/log")
    ResponseEntity<byte[]> log(
            @PathVariable String workspaceId,
            @PathVariable String runId,
            @RequestParam(defaultValue = PageRun.OUTPUT) String file,
            @RequestParam(defaultValue = "0") long from)
            throws IOException {
        if (from < 0) {
            throw new AzureException(Errors.invalidParameter("from", "0 or more is expected."));
        }
        LogFile log = new LogFile(page.file(page.run(workspaceId, runId), file));
        byte[] bytes = log.read(from, MOST);
        return inert(ResponseEntity.ok())
                .contentType(TEXT)
                .header("X-Log-Length", Long.toString(log.look().length()))
                .body(bytes);
    }

    /** The log as server-sent events, from byte {@code from} on; below zero, only the last that many bytes of it. */
    @GetMapping(path = "/log/follow", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter follow(
            @PathVariable String workspaceId,
            @PathVariable String runId,
            @RequestParam(defaultValue = PageRun.OUTPUT) String file,
            @RequestParam(defaultValue = "0") long from,
            @RequestHeader(name = "Last-Event-ID", defaultValue = "") String last)
            throws IOException {
        RunView run = page.run(workspaceId, runId);
        LogFile log = new LogFile(page.file(run, file));
        Look look = log.look();
        Matcher mark = MARK.matcher(last);
        if (mark.matches()) {
            return followers.follow(run.id(), log, mark.group(1), Long.parseLong(mark.group(2)));
        }
        if (from >= 0) {
            return followers.follow(run.id(), log, look.key(), Math.min(from, look.length()));
        }
        long start = look.length() + Math.max(from, -look.length());
        return followers.follow(run.id(), log, look.key(), start == 0 ? 0 : log.nextLine(start, MOST));
    }

    /** Nobody would read what follows such an answer, and that nobody does would never show. */
    @RequestMapping(path = "/log/follow", method = RequestMethod.HEAD, produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    ResponseEntity<Void> followHead(@PathVariable String workspaceId, @PathVariable String runId) {
        page.run(workspaceId, runId);
        return ResponseEntity.ok().build();
    }

    /** One file to keep. It is never shown in place: it may be a page with scripts of its own. */
    @GetMapping("/file")
    ResponseEntity<Resource> file(
            @PathVariable String workspaceId, @PathVariable String runId, @RequestParam String path)
            throws IOException {
        FileSystemResource file = new FileSystemResource(page.file(page.run(workspaceId, runId), path));
        if (!file.exists()) {
            throw new AzureException(Errors.notFound("The run's file '" + path + "'"));
        }
        String name = path.substring(path.lastIndexOf('/') + 1);
        return inert(ResponseEntity.ok())
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename(name, StandardCharsets.UTF_8)
                                .build()
                                .toString())
                .body(file);
    }

    private static ResponseEntity.BodyBuilder inert(ResponseEntity.BodyBuilder answer) {
        return answer.cacheControl(CacheControl.noStore())
                .header("X-Content-Type-Options", "nosniff")
                .header("Content-Security-Policy", "default-src 'none'; sandbox")
                .header("Cross-Origin-Resource-Policy", "same-origin");
    }
}
