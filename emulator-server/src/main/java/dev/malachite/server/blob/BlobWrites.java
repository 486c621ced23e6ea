package dev.malachite.server.blob;

import dev.malachite.server.blob.BlobProperties.Fact;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Answers what changes one blob as a whole: put, metadata, properties, tier, delete. */
@Component
class BlobWrites {

    static final String APPEND = "AppendBlob";

    private final BlobStore store;
    private final StagedBlocks blocks;

    BlobWrites(BlobStore store, StagedBlocks blocks) {
        this.store = store;
        this.blocks = blocks;
    }

    void put(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        String type = request.header("x-ms-blob-type").orElseThrow(() -> BlobException.missingHeader("x-ms-blob-type"));
        switch (type) {
            case "BlockBlob" -> {}
            case APPEND -> {
                if (request.http().getContentLengthLong() > 0) {
                    throw BlobException.invalidHeader("Content-Length");
                }
            }
            case "PageBlob" -> throw BlobException.typeNotSupported();
            default -> throw BlobException.invalidHeader("x-ms-blob-type");
        }
        BlobAddress address = request.address();
        Conditions conditions = Conditions.of(request);
        // Judged before the body is taken, and once more when it takes its place.
        conditions.requireForWrite(access, store.find(address));
        BlobProperties properties = said(request, true);
        if (type.equals(APPEND)) {
            properties = properties.with(Fact.TYPE, APPEND);
        }
        Intake.Taken taken = take(request, store.intake(), true);
        String md5 = taken.md5().orElseThrow();
        if (!type.equals(APPEND)) {
            properties = properties.with(BlobProperties.MD5, md5);
        }
        Blob blob = store.keep(address, taken, properties, before -> conditions.requireForWrite(access, before));
        blocks.drop(address);
        created(response, blob);
        response.setHeader("Content-MD5", md5);
    }

    void setMetadata(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        access.require('w');
        Map<String, String> metadata = Said.metadata(request);
        Conditions conditions = Conditions.of(request);
        BlobReads.stamp(
                response,
                store.change(
                        request.address(), true, known -> known.withMetadata(metadata), conditions::requireForChange));
        response.setHeader("x-ms-request-server-encrypted", "true");
    }

    void setProperties(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        access.require('w');
        if (request.header("x-ms-blob-content-length").isPresent()
                || request.header("x-ms-sequence-number-action").isPresent()) {
            throw BlobException.invalidBlobType();
        }
        Map<String, String> headers = Said.properties(request, false);
        Conditions conditions = Conditions.of(request);
        BlobReads.stamp(
                response,
                store.change(
                        request.address(), true, known -> known.withHeaders(headers), conditions::requireForChange));
    }

    /** The tier says nothing here but what it is; Azure does not count it as a change of the blob. */
    void setTier(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        access.require('w');
        String tier = Said.tier(request).orElseThrow(() -> BlobException.missingHeader("x-ms-access-tier"));
        store.change(
                request.address(),
                false,
                known -> {
                    if (known.isAppendBlob()) {
                        throw BlobException.invalidBlobType();
                    }
                    return known.with(Fact.TIER, tier);
                },
                blob -> {});
        response.setStatus(HttpServletResponse.SC_OK);
    }

    void delete(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        access.require('d');
        Conditions conditions = Conditions.of(request);
        // There are no snapshots, so that all of them are gone already.
        boolean snapshotsOnly = request.header("x-ms-delete-snapshots")
                .filter(what -> what.equals("only"))
                .isPresent();
        if (snapshotsOnly) {
            conditions.requireForChange(store.find(request.address()).orElseThrow(BlobException::blobNotFound));
        } else {
            store.delete(
                    request.address(),
                    before -> conditions.requireForChange(before.orElseThrow(BlobException::blobNotFound)));
        }
        response.setStatus(HttpServletResponse.SC_ACCEPTED);
        response.setHeader("x-ms-delete-type-permanent", "true");
    }

    /** What the request says of the blob that it makes. */
    static BlobProperties said(BlobRequest request, boolean plainToo) {
        BlobProperties properties = new BlobProperties(Said.properties(request, plainToo), Said.metadata(request));
        return Said.tier(request).map(tier -> properties.with(Fact.TIER, tier)).orElse(properties);
    }

    static Intake.Taken take(BlobRequest request, Intake intake, boolean summed) throws IOException {
        return intake.take(
                request.http().getInputStream(),
                request.http().getContentLengthLong(),
                request.header("Content-MD5"),
                summed);
    }

    static void created(HttpServletResponse response, Blob blob) {
        response.setStatus(HttpServletResponse.SC_CREATED);
        BlobReads.stamp(response, blob);
        response.setHeader("x-ms-request-server-encrypted", "true");
    }

    static Optional<String> source(BlobRequest request) {
        return request.header("x-ms-copy-source");
    }
}
