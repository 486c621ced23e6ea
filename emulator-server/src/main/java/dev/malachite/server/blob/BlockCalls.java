package dev.malachite.server.blob;

import dev.malachite.server.blob.BlobProperties.Fact;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Answers what makes a blob of blocks. */
@Component
class BlockCalls {

    private final BlobStore store;
    private final StagedBlocks staged;
    private final CommittedBlocks committed;
    private final CopySources sources;

    BlockCalls(BlobStore store, StagedBlocks staged, CommittedBlocks committed, CopySources sources) {
        this.store = store;
        this.staged = staged;
        this.committed = committed;
        this.sources = sources;
    }

    void put(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        if (!access.allows('w')) {
            access.require('c');
        }
        String id = request.query().text("blockid");
        if (!StagedBlocks.isId(id)) {
            throw BlobException.invalidBlockId();
        }
        Intake.Taken taken = BlobWrites.source(request).isPresent()
                ? store.intake().join(List.of(sources.part(request, access)))
                : BlobWrites.take(request, store.intake(), false);
        staged.keep(request.address(), id, taken);
        response.setStatus(HttpServletResponse.SC_CREATED);
        taken.md5().ifPresent(md5 -> response.setHeader("Content-MD5", md5));
        response.setHeader("x-ms-request-server-encrypted", "true");
    }

    void commit(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        BlobAddress address = request.address();
        Conditions conditions = Conditions.of(request);
        Optional<Blob> before = store.find(address);
        conditions.requireForWrite(access, before);
        BlobProperties properties = BlobWrites.said(request, false);
        List<BlobXml.Chosen> chosen = BlobXml.blockList(request.http().getInputStream(), request.header("Content-MD5"));
        Map<String, Intake.Part> present = before.isPresent() ? parts(before.get()) : Map.of();
        List<Intake.Part> parts = new ArrayList<>();
        List<Block> blocks = new ArrayList<>();
        for (BlobXml.Chosen block : chosen) {
            Intake.Part part = find(address, block, present);
            parts.add(part);
            blocks.add(new Block(block.id(), part.length()));
        }
        Intake.Taken taken = store.intake().join(parts);
        properties = properties.with(Fact.BLOCKS, committed.write(address, blocks));
        Blob blob = store.keep(address, taken, properties, now -> {
            conditions.requireForWrite(access, now);
            if (!present.isEmpty() && !now.map(Blob::etag).equals(before.map(Blob::etag))) {
                // Its blocks were taken over, and are not what they were.
                throw BlobException.invalidBlockList();
            }
        });
        staged.drop(address);
        BlobWrites.created(response, blob);
    }

    void list(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        access.require('r');
        BlobAddress address = request.address();
        Optional<Blob> blob = store.find(address);
        List<Block> waiting = staged.list(address);
        if (blob.isEmpty() && waiting.isEmpty()) {
            throw BlobException.blobNotFound();
        }
        String type = request.query().text("blocklisttype");
        List<Block> present = List.of();
        if (blob.isPresent()) {
            Conditions.of(request).requireForRead(blob.get());
            BlobProperties properties = store.properties(blob.get());
            if (properties.isAppendBlob()) {
                throw BlobException.invalidBlobType();
            }
            present = committed.read(address, properties);
            BlobReads.stamp(response, blob.get());
            response.setHeader(
                    "x-ms-blob-content-length", String.valueOf(blob.get().size()));
        }
        StringBuilder xml = new StringBuilder(BlobXml.DECLARATION).append("<BlockList>");
        switch (type.isEmpty() ? "committed" : type) {
            case "committed" -> write("CommittedBlocks", present, xml);
            case "uncommitted" -> write("UncommittedBlocks", waiting, xml);
            case "all" -> {
                write("CommittedBlocks", present, xml);
                write("UncommittedBlocks", waiting, xml);
            }
            default -> throw BlobException.invalidQuery("blocklisttype");
        }
        BlobXml.send(xml.append("</BlockList>"), response);
    }

    private static void write(String element, List<Block> blocks, StringBuilder xml) {
        xml.append('<').append(element).append('>');
        for (Block block : blocks) {
            xml.append("<Block>")
                    .append(BlobXml.element("Name", block.id()))
                    .append(BlobXml.element("Size", String.valueOf(block.size())))
                    .append("</Block>");
        }
        xml.append("</").append(element).append('>');
    }

    private Intake.Part find(BlobAddress address, BlobXml.Chosen block, Map<String, Intake.Part> present)
            throws IOException {
        if (!StagedBlocks.isId(block.id())) {
            throw BlobException.invalidBlockList();
        }
        Optional<Intake.Part> fresh =
                block.from() == BlobXml.From.COMMITTED ? Optional.empty() : staged.find(address, block.id());
        return fresh.or(() -> block.from() == BlobXml.From.UNCOMMITTED
                        ? Optional.empty()
                        : Optional.ofNullable(present.get(block.id())))
                .orElseThrow(BlobException::invalidBlockList);
    }

    /** The blocks of the present content by their ids. */
    private Map<String, Intake.Part> parts(Blob blob) throws IOException {
        Map<String, Intake.Part> parts = new HashMap<>();
        long offset = 0;
        for (Block block : committed.read(blob.address(), store.properties(blob))) {
            parts.put(block.id(), new Intake.Part(blob.content(), offset, block.size()));
            offset += block.size();
        }
        return parts;
    }
}
