package dev.malachite.server.blob;

import dev.malachite.server.blob.BlobProperties.Fact;
import dev.malachite.server.web.Caller;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/** Answers the list of a container's blobs: in pages, folded at a delimiter, with metadata if asked for. */
@Component
class BlobListing {

    private final BlobStore store;

    BlobListing(BlobStore store) {
        this.store = store;
    }

    void list(BlobRequest request, String container, HttpServletResponse response) throws IOException {
        list(request, container, "", response);
    }

    /**
     * @param above stands before each name, as if the container were a folder
     */
    void list(BlobRequest request, String container, String above, HttpServletResponse response) throws IOException {
        Query query = request.query();
        String prefix = query.text("prefix").substring(above.length());
        String delimiter = query.text("delimiter");
        int limit = Pages.limit(query);
        boolean metadata = Arrays.asList(query.text("include").split(",", -1)).contains("metadata");
        List<Map.Entry<String, List<Blob>>> entries =
                new ArrayList<>(entries(store.list(container, prefix), prefix.length(), delimiter)
                        .tailMap(Pages.start(query))
                        .entrySet());

        StringBuilder xml = new StringBuilder(BlobXml.DECLARATION);
        xml.append("<EnumerationResults ServiceEndpoint=\"")
                .append(BlobXml.escape(Caller.of(request.http()).base() + "/"))
                .append("\" ContainerName=\"")
                .append(container)
                .append("\">");
        xml.append(BlobXml.name("Prefix", above + prefix));
        query.get("marker").ifPresent(marker -> xml.append(BlobXml.element("Marker", marker)));
        query.get("maxresults").ifPresent(max -> xml.append(BlobXml.element("MaxResults", String.valueOf(limit))));
        query.get("delimiter").ifPresent(given -> xml.append(BlobXml.element("Delimiter", given)));
        xml.append("<Blobs>");
        for (Map.Entry<String, List<Blob>> entry : entries.subList(0, Math.min(limit, entries.size()))) {
            if (entry.getValue().isEmpty()) {
                xml.append("<BlobPrefix>")
                        .append(BlobXml.name("Name", above + entry.getKey()))
                        .append("</BlobPrefix>");
            } else {
                blob(entry.getValue().getFirst(), above, metadata, xml);
            }
        }
        String next = entries.size() > limit ? Pages.marker(entries.get(limit).getKey()) : "";
        xml.append("</Blobs>").append(BlobXml.element("NextMarker", next)).append("</EnumerationResults>");
        BlobXml.send(xml, response);
    }

    /** Names in order, each with its blob, or with none where the delimiter folds several into a prefix. */
    private static SortedMap<String, List<Blob>> entries(List<Blob> blobs, int from, String delimiter) {
        SortedMap<String, List<Blob>> entries = new TreeMap<>();
        for (Blob blob : blobs) {
            String name = blob.address().name();
            int end = delimiter.isEmpty() ? -1 : name.indexOf(delimiter, from);
            if (end < 0) {
                entries.put(name, List.of(blob));
            } else {
                entries.put(name.substring(0, end + delimiter.length()), List.of());
            }
        }
        return entries;
    }

    private void blob(Blob blob, String above, boolean metadata, StringBuilder xml) {
        BlobProperties known = store.properties(blob);
        xml.append("<Blob>").append(BlobXml.name("Name", above + blob.address().name())).append("<Properties>");
        xml.append(BlobXml.element("Creation-Time", BlobReads.httpDate(BlobReads.created(blob, known))));
        xml.append(BlobXml.element("Last-Modified", BlobReads.httpDate(blob.modified())));
        xml.append(BlobXml.element("Etag", blob.etag().replace("\"", "")));
        xml.append(BlobXml.element("Content-Length", String.valueOf(blob.size())));
        xml.append(BlobXml.element(
                "Content-Type", known.header(BlobProperties.TYPE).orElse("application/octet-stream")));
        BlobProperties.NAMES.forEach((name, header) -> {
            if (!name.equals(BlobProperties.TYPE)) {
                xml.append(BlobXml.element(header, known.header(name).orElse("")));
            }
        });
        type(known, xml);
        xml.append("<LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState>");
        xml.append("<ServerEncrypted>true</ServerEncrypted></Properties>");
        if (metadata) {
            xml.append("<Metadata>");
            known.metadata().forEach((name, value) -> xml.append(BlobXml.element(name, value)));
            xml.append("</Metadata>");
        }
        xml.append("</Blob>");
    }

    private static void type(BlobProperties known, StringBuilder xml) {
        if (known.isAppendBlob()) {
            xml.append(BlobXml.element("BlobType", BlobWrites.APPEND));
            return;
        }
        xml.append(BlobXml.element("BlobType", "BlockBlob"));
        xml.append(BlobXml.element("AccessTier", known.fact(Fact.TIER).orElse("Hot")));
        if (known.fact(Fact.TIER).isEmpty()) {
            xml.append(BlobXml.element("AccessTierInferred", "true"));
        }
    }
}
