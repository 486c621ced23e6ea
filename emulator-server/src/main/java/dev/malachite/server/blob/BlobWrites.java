package dev.malachite.server.blob;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** Answers what changes one blob: put, blocks, metadata, properties, delete. */
@Component
class BlobWrites {

    private static final String METADATA = "x-ms-meta-";

    /** Azure's rule: a C# identifier. */
    private static final Pattern METADATA_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private static final int MAX_METADATA = 8 * 1024;

    /** In encoded form, Azure's limit of 64 bytes; SDKs encode theirs twice. */
    private static final int MAX_BLOCK_ID = 256;

    private final BlobStore store;
    private final StagedBlocks blocks;

    BlobWrites(BlobStore store, StagedBlocks blocks) {
        this.store = store;
        this.blocks = blocks;
    }

    void put(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        String type = request.header("x-ms-blob-type").orElseThrow(() -> BlobException.missingHeader("x-ms-blob-type"));
        if (!type.equalsIgnoreCase("BlockBlob")) {
            throw BlobException.invalidHeader("x-ms-blob-type");
        }
        if (request.header("x-ms-copy-source").isPresent()) {
            throw BlobException.unsupportedHeader("x-ms-copy-source");
        }
        BlobAddress address = request.address();
        Conditions conditions = Conditions.of(request);
        // Judged before the body is taken, and once more when it takes its place.
        conditions.requireForWrite(access, store.find(address));
        BlobProperties properties = new BlobProperties(properties(request, true), metadata(request));
        Intake.Taken taken = take(request);
        properties = properties.with(BlobProperties.MD5, taken.md5());
        Blob blob = store.keep(address, taken, properties, before -> conditions.requireForWrite(access, before));
        blocks.drop(address);
        created(response, blob);
        response.setHeader("Content-MD5", taken.md5());
    }

    void putBlock(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        if (!access.allows('w')) {
            access.require('c');
        }
        String id = request.query().text("blockid");
        if (id.isEmpty() || id.length() > MAX_BLOCK_ID) {
            throw BlobException.invalidBlockId();
        }
        Intake.Taken taken = take(request);
        blocks.keep(request.address(), id, taken);
        response.setStatus(HttpServletResponse.SC_CREATED);
        response.setHeader("Content-MD5", taken.md5());
        response.setHeader("x-ms-request-server-encrypted", "true");
    }

    void putBlockList(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        BlobAddress address = request.address();
        Conditions conditions = Conditions.of(request);
        conditions.requireForWrite(access, store.find(address));
        BlobProperties properties = new BlobProperties(properties(request, false), metadata(request));
        List<String> ids = BlobXml.blockList(request.http().getInputStream());
        Intake.Taken taken;
        try (InputStream joined = blocks.open(address, ids)) {
            taken = store.intake().take(joined, -1, Optional.empty());
        }
        Blob blob = store.keep(address, taken, properties, before -> conditions.requireForWrite(access, before));
        blocks.drop(address);
        created(response, blob);
    }

    void setMetadata(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        access.require('w');
        Map<String, String> metadata = metadata(request);
        BlobReads.stamp(
                response,
                store.change(
                        request.address(),
                        known -> known.withMetadata(metadata),
                        before -> Conditions.of(request).requireMatch(before)));
        response.setHeader("x-ms-request-server-encrypted", "true");
    }

    void setProperties(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        access.require('w');
        Map<String, String> headers = properties(request, false);
        BlobReads.stamp(
                response,
                store.change(
                        request.address(),
                        known -> known.withHeaders(headers),
                        before -> Conditions.of(request).requireMatch(before)));
    }

    void delete(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        access.require('d');
        Conditions conditions = Conditions.of(request);
        store.delete(request.address(), before -> {
            if (before.isEmpty()) {
                throw BlobException.blobNotFound();
            }
            conditions.requireMatch(before);
        });
        response.setStatus(HttpServletResponse.SC_ACCEPTED);
        response.setHeader("x-ms-delete-type-permanent", "true");
    }

    private Intake.Taken take(BlobRequest request) throws IOException {
        return store.intake()
                .take(
                        request.http().getInputStream(),
                        request.http().getContentLengthLong(),
                        request.header("Content-MD5"));
    }

    private static void created(HttpServletResponse response, Blob blob) {
        response.setStatus(HttpServletResponse.SC_CREATED);
        BlobReads.stamp(response, blob);
        response.setHeader("x-ms-request-server-encrypted", "true");
    }

    /** What the blob's GET shall repeat: from {@code x-ms-blob-…}, where a whole blob is put also from plain headers. */
    private static Map<String, String> properties(BlobRequest request, boolean plainToo) {
        Map<String, String> properties = new LinkedHashMap<>();
        for (String name : BlobProperties.NAMES.keySet()) {
            request.header("x-ms-blob-" + name)
                    .or(() -> plainToo ? request.header(name) : Optional.empty())
                    .ifPresent(value -> properties.put(name, value));
        }
        return properties;
    }

    private static Map<String, String> metadata(BlobRequest request) {
        Map<String, String> metadata = new LinkedHashMap<>();
        int size = 0;
        for (String header : Collections.list(request.http().getHeaderNames())) {
            if (header.toLowerCase(Locale.ROOT).startsWith(METADATA)) {
                String name = header.substring(METADATA.length());
                String value = request.http().getHeader(header);
                size += name.length() + value.length();
                if (!METADATA_NAME.matcher(name).matches()) {
                    throw BlobException.invalidMetadata();
                }
                metadata.put(name, value);
            }
        }
        if (size > MAX_METADATA) {
            throw BlobException.metadataTooLarge();
        }
        return metadata;
    }
}
