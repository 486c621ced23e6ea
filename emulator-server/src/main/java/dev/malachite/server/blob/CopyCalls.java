package dev.malachite.server.blob;

import dev.malachite.server.blob.BlobProperties.Fact;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Answers copies within the account, which are done when the answer goes out, whoever asked not to wait. */
@Component
class CopyCalls {

    private final BlobStore store;
    private final StagedBlocks blocks;
    private final CopySources sources;

    /** Real time, as of every blob. */
    private final InstantSource time = InstantSource.system();

    CopyCalls(BlobStore store, StagedBlocks blocks, CopySources sources) {
        this.store = store;
        this.blocks = blocks;
        this.sources = sources;
    }

    /** Copy Blob: the copy is what the source was, with metadata of its own if there are any. */
    void copy(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        Blob source = sources.find(request, access);
        BlobProperties known = store.properties(source);
        Map<String, String> metadata = Said.metadata(request);
        BlobProperties properties = new BlobProperties(
                        known.headers(),
                        metadata.isEmpty() ? known.metadata() : metadata,
                        known.isAppendBlob()
                                ? Map.of(
                                        Fact.TYPE,
                                        BlobWrites.APPEND,
                                        Fact.APPENDED,
                                        String.valueOf(AppendCalls.appended(known)))
                                : Map.of())
                .with(Fact.COPY_ID, UUID.randomUUID().toString())
                .with(
                        Fact.COPY_SOURCE,
                        CopySources.withoutQuery(BlobWrites.source(request).orElseThrow()))
                .with(
                        Fact.COPY_TIME,
                        time.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        keep(request, access, source, properties, response);
        response.setStatus(HttpServletResponse.SC_ACCEPTED);
        response.setHeader("x-ms-copy-id", properties.fact(Fact.COPY_ID).orElseThrow());
        response.setHeader("x-ms-copy-status", "success");
    }

    /** Put Blob From URL: a new blob of the source's bytes, with what the request says of it, or else the source. */
    void putFrom(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        Blob source = sources.find(request, access);
        BlobProperties known = store.properties(source);
        BlobProperties said = BlobWrites.said(request, false);
        boolean takesOver = request.header("x-ms-copy-source-blob-properties")
                .filter(value -> value.equalsIgnoreCase("false"))
                .isEmpty();
        BlobProperties properties = takesOver && said.headers().isEmpty() ? said.withHeaders(known.headers()) : said;
        keep(request, access, source, properties, response);
    }

    private void keep(
            BlobRequest request,
            BlobAccess access,
            Blob source,
            BlobProperties properties,
            HttpServletResponse response)
            throws IOException {
        BlobAddress address = request.address();
        Conditions conditions = Conditions.of(request);
        conditions.requireForWrite(access, store.find(address));
        Intake.Taken taken = store.intake().join(List.of(new Intake.Part(source.content(), 0, source.size())));
        Blob blob = store.keep(address, taken, properties, before -> conditions.requireForWrite(access, before));
        blocks.drop(address);
        BlobWrites.created(response, blob);
    }
}
