package dev.malachite.server.blob;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Answers what concerns a container as a whole. */
@Component
class ContainerCalls {

    private final BlobStore store;
    private final ContainerRecords records;

    ContainerCalls(BlobStore store, ContainerRecords records) {
        this.store = store;
        this.records = records;
    }

    void create(BlobRequest request, String container, HttpServletResponse response) throws IOException {
        Containers.require(container);
        if (request.header("x-ms-blob-public-access").isPresent()) {
            throw BlobException.publicAccess();
        }
        Map<String, String> metadata = Said.metadata(request);
        if (!store.createContainer(container)) {
            throw BlobException.containerAlreadyExists();
        }
        stamp(records.write(container, metadata), response);
        response.setStatus(HttpServletResponse.SC_CREATED);
    }

    void properties(BlobRequest request, String container, HttpServletResponse response) {
        ContainerRecord record = records.read(container);
        Conditions.of(request).requireForRead(record);
        stamp(record, response);
        record.metadata().forEach((name, value) -> response.setHeader("x-ms-meta-" + name, value));
        response.setHeader("x-ms-lease-status", "unlocked");
        response.setHeader("x-ms-lease-state", "available");
        response.setHeader("x-ms-has-immutability-policy", "false");
        response.setHeader("x-ms-has-legal-hold", "false");
        response.setHeader("x-ms-immutable-storage-with-versioning-enabled", "false");
        response.setHeader("x-ms-default-encryption-scope", "$account-encryption-key");
        response.setHeader("x-ms-deny-encryption-scope-override", "false");
    }

    void setMetadata(BlobRequest request, String container, HttpServletResponse response) throws IOException {
        Map<String, String> metadata = Said.metadata(request);
        Conditions.of(request).requireForChange(records.read(container));
        stamp(records.write(container, metadata), response);
    }

    /** Nobody is let in but by signatures and tokens. */
    void access(String container, HttpServletResponse response) throws IOException {
        stamp(records.read(container), response);
        BlobXml.send(new StringBuilder(BlobXml.DECLARATION).append("<SignedIdentifiers/>"), response);
    }

    void delete(BlobRequest request, String container, HttpServletResponse response) throws IOException {
        if (Containers.alwaysThere(container)) {
            throw BlobException.containerOfWorkspace();
        }
        Conditions.of(request).requireForChange(records.read(container));
        store.removeContainer(container);
        records.remove(container);
        response.setStatus(HttpServletResponse.SC_ACCEPTED);
    }

    private static void stamp(ContainerRecord record, HttpServletResponse response) {
        response.setHeader("ETag", record.etag());
        response.setHeader("Last-Modified", BlobReads.httpDate(record.modified()));
    }
}
