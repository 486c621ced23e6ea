package dev.malachite.server.blob;

import dev.malachite.server.blob.BlobProperties.Fact;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.springframework.stereotype.Component;

/** Answers what lets an append blob grow. Source: Microsoft's "Append Block" and "Append Blob Seal". */
@Component
class AppendCalls {

    /** Azure's limits. */
    private static final int MAX_BLOCKS = 50_000;

    private static final long MAX_BLOCK = 100L * 1024 * 1024;

    private final BlobStore store;
    private final CopySources sources;

    AppendCalls(BlobStore store, CopySources sources) {
        this.store = store;
        this.sources = sources;
    }

    void append(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        access.require(BlobAccess.Scope.BLOB, "aw");
        BlobAddress address = request.address();
        Optional<Long> position = number(request, "x-ms-blob-condition-appendpos");
        Optional<Long> maxSize = number(request, "x-ms-blob-condition-maxsize");
        Conditions conditions = Conditions.of(request);
        Blob there = store.find(address).orElseThrow(BlobException::blobNotFound);
        requireOpen(store.properties(there));
        if (request.http().getContentLengthLong() > MAX_BLOCK) {
            throw BlobException.bodyTooLarge(MAX_BLOCK);
        }
        Intake.Taken taken = BlobWrites.source(request).isPresent()
                ? store.intake().join(List.of(sources.part(request, access)))
                : BlobWrites.take(request, store.intake(), true);
        long[] offset = new long[1];
        BiConsumer<Blob, BlobProperties> condition = (before, known) -> {
            requireOpen(known);
            conditions.requireForChange(before);
            if (position.isPresent() && position.get() != before.size()) {
                throw BlobException.appendPosition();
            }
            if (maxSize.isPresent() && before.size() + taken.size() > maxSize.get()) {
                throw BlobException.maxSize();
            }
            if (before.size() + taken.size() > Intake.MAX_BLOB) {
                throw BlobException.bodyTooLarge(Intake.MAX_BLOB);
            }
            if (appended(known) >= MAX_BLOCKS) {
                throw BlobException.tooManyBlocks();
            }
            offset[0] = before.size();
            response.setHeader("x-ms-blob-committed-block-count", String.valueOf(appended(known) + 1));
        };
        Blob blob = store.append(
                address, taken, known -> known.with(Fact.APPENDED, String.valueOf(appended(known) + 1)), condition);
        BlobWrites.created(response, blob);
        response.setHeader("x-ms-blob-append-offset", String.valueOf(offset[0]));
        taken.md5().ifPresent(md5 -> response.setHeader("Content-MD5", md5));
    }

    void seal(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        access.require('w');
        Conditions conditions = Conditions.of(request);
        Blob blob = store.change(
                request.address(),
                true,
                known -> {
                    if (!known.isAppendBlob()) {
                        throw BlobException.invalidBlobType();
                    }
                    return known.with(Fact.SEALED, "true");
                },
                conditions::requireForChange);
        BlobReads.stamp(response, blob);
        response.setHeader("x-ms-blob-sealed", "true");
    }

    static int appended(BlobProperties known) {
        return known.fact(Fact.APPENDED).map(Integer::parseInt).orElse(0);
    }

    private static void requireOpen(BlobProperties known) {
        if (!known.isAppendBlob()) {
            throw BlobException.invalidBlobType();
        }
        if (known.fact(Fact.SEALED).isPresent()) {
            throw BlobException.sealed();
        }
    }

    private static Optional<Long> number(BlobRequest request, String header) {
        try {
            return request.header(header).map(Long::parseLong);
        } catch (NumberFormatException e) {
            throw BlobException.invalidHeader(header);
        }
    }
}
