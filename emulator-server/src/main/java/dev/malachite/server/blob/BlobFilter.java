package dev.malachite.server.blob;

import dev.malachite.server.web.AzureException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Takes the storage account's requests out of the stream, checks who sends them, and hands them to the operation that
 * they ask for. Stands before the repair of paths, because in blob names every slash counts.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 5)
class BlobFilter extends OncePerRequestFilter {

    private static final Logger LOG = LoggerFactory.getLogger(BlobFilter.class);

    /** What a refused upload may still send, so that its client reads the answer and not a broken connection. */
    private static final long MAX_DRAIN = 256L * 1024 * 1024;

    private final Admission admission;
    private final BlobOperations operations;
    private final BatchCalls batches;
    private final FileCalls files;

    BlobFilter(Admission admission, BlobOperations operations, BatchCalls batches, FileCalls files) {
        this.files = files;
        this.admission = admission;
        this.operations = operations;
        this.batches = batches;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !BlobRequest.matches(request);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest http, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        common(http, response);
        try {
            BlobRequest request = BlobRequest.of(http);
            if (BlobOperations.isBatch(request)) {
                batches.perform(request, response);
            } else {
                SharedAccess.Admitted admitted = admission.admit(request);
                if (files.means(admitted.request())) {
                    files.perform(admitted.request(), admitted.access(), response);
                } else {
                    operations.perform(admitted.request(), admitted.access(), response);
                }
            }
        } catch (BlobException e) {
            refuse(e, http, response);
        } catch (AzureException e) {
            refuse(
                    new BlobException(
                            e.error().status(), e.error().code(), e.error().message()),
                    http,
                    response);
        } catch (UncheckedIOException e) {
            LOG.error("{} {} failed: a bug in the emulator, or its disk", http.getMethod(), http.getRequestURI(), e);
            throw e.getCause();
        }
    }

    private static void common(HttpServletRequest http, HttpServletResponse response) {
        response.setHeader("Server", "Windows-Azure-Blob/1.0");
        response.setHeader("x-ms-request-id", UUID.randomUUID().toString());
        String version = http.getHeader("x-ms-version");
        response.setHeader("x-ms-version", version == null ? "2021-08-06" : version);
        // Real time, as in every Date header.
        response.setHeader("Date", BlobReads.httpDate(InstantSource.system().instant()));
        String client = http.getHeader("x-ms-client-request-id");
        if (client != null) {
            response.setHeader("x-ms-client-request-id", client);
        }
    }

    private static void refuse(BlobException e, HttpServletRequest http, HttpServletResponse response)
            throws IOException {
        drain(http.getInputStream());
        response.setStatus(e.status());
        response.setHeader("x-ms-error-code", e.code());
        e.headers().forEach(response::setHeader);
        if (http.getMethod().equals("HEAD") || e.status() == HttpServletResponse.SC_NOT_MODIFIED) {
            return;
        }
        String id = response.getHeader("x-ms-request-id");
        byte[] body = BlobXml.error(
                        e.code(),
                        e.message() + "\nRequestId:" + id + "\nTime:"
                                + InstantSource.system().instant())
                .getBytes(StandardCharsets.UTF_8);
        response.setContentType("application/xml");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static void drain(InputStream body) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long drained = 0;
        for (int n = body.read(buffer); n >= 0 && drained < MAX_DRAIN; n = body.read(buffer)) {
            drained += n;
        }
    }
}
