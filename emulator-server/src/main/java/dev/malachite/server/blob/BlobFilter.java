package dev.malachite.server.blob;

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

    private final SharedAccess sas;
    private final SharedKey key;
    private final BlobStore store;
    private final BlobReads reads;
    private final BlobWrites writes;
    private final ContainerCalls containers;

    BlobFilter(
            SharedAccess sas,
            SharedKey key,
            BlobStore store,
            BlobReads reads,
            BlobWrites writes,
            ContainerCalls containers) {
        this.sas = sas;
        this.key = key;
        this.store = store;
        this.reads = reads;
        this.writes = writes;
        this.containers = containers;
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
            SharedAccess.Admitted admitted = admit(BlobRequest.of(http));
            dispatch(admitted.request(), admitted.access(), response);
        } catch (BlobException e) {
            refuse(e, http, response);
        } catch (UncheckedIOException e) {
            LOG.error("{} {} failed: a bug in the emulator, or its disk", http.getMethod(), http.getRequestURI(), e);
            throw e.getCause();
        }
    }

    /** The user-info trick brings an Authorization of type Basic: it says nothing, the SAS decides. */
    private SharedAccess.Admitted admit(BlobRequest request) {
        // We stand before the rules of the listeners: over plain http a signature could be read and used by others.
        if (!request.http().isSecure()) {
            throw BlobException.httpsRequired();
        }
        if (request.header("Authorization")
                .filter(value -> value.startsWith("SharedKey "))
                .isPresent()) {
            return new SharedAccess.Admitted(request, key.check(request));
        }
        if (request.query().get("sig").isPresent()) {
            return sas.check(request);
        }
        throw BlobException.authenticationFailed("A SAS or a signature by the account key is needed.");
    }

    private void dispatch(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        String container = request.container().orElseThrow(BlobException::invalidUri);
        boolean create = request.blob().isEmpty()
                && request.method().equals("PUT")
                && request.query().get("comp").isEmpty();
        if (!create && !store.hasContainer(container)) {
            throw BlobException.containerNotFound();
        }
        if (request.blob().isEmpty()) {
            container(request, container, access, response);
        } else {
            blob(request, access, response);
        }
    }

    private void container(BlobRequest request, String container, BlobAccess access, HttpServletResponse response)
            throws IOException {
        if (!request.query().has("restype", "container")) {
            throw BlobException.invalidUri();
        }
        String comp = request.query().text("comp");
        switch (request.method() + " " + comp) {
            case "GET list" -> {
                access.require('l');
                containers.list(request, container, response);
            }
            case "GET ", "HEAD " -> {
                access.require(access.allows('l') ? 'l' : 'r');
                containers.properties(container, response);
            }
            case "PUT " -> {
                if (!(access instanceof BlobAccess.AccountKey)) {
                    throw BlobException.permissionMismatch();
                }
                containers.create(container, response);
            }
            default -> throw comp.isEmpty() ? BlobException.verbNotSupported() : BlobException.invalidQuery("comp");
        }
    }

    private void blob(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        String comp = request.query().text("comp");
        switch (request.method() + " " + comp) {
            case "GET ", "HEAD " -> {
                access.require('r');
                reads.read(request, response);
            }
            case "GET metadata", "HEAD metadata" -> {
                access.require('r');
                reads.metadata(request, response);
            }
            case "PUT " -> writes.put(request, access, response);
            case "PUT block" -> writes.putBlock(request, access, response);
            case "PUT blocklist" -> writes.putBlockList(request, access, response);
            case "PUT metadata" -> writes.setMetadata(request, access, response);
            case "PUT properties" -> writes.setProperties(request, access, response);
            case "DELETE " -> writes.delete(request, access, response);
            default -> throw comp.isEmpty() ? BlobException.verbNotSupported() : BlobException.invalidQuery("comp");
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
