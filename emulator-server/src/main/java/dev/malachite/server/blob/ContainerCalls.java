package dev.malachite.server.blob;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/** Answers what concerns a container: its properties, its making, and the list of its blobs. */
@Component
class ContainerCalls {

    /** Azure's limit of a page. */
    private static final int MAX_RESULTS = 5000;

    private final BlobStore store;

    ContainerCalls(BlobStore store) {
        this.store = store;
    }

    void create(String container, HttpServletResponse response) throws IOException {
        if (!Containers.legal(container)) {
            throw BlobException.invalidResourceName("container");
        }
        if (!store.createContainer(container)) {
            throw BlobException.containerAlreadyExists();
        }
        response.setStatus(HttpServletResponse.SC_CREATED);
        stamp(container, response);
    }

    void properties(String container, HttpServletResponse response) {
        stamp(container, response);
        response.setHeader("x-ms-lease-status", "unlocked");
        response.setHeader("x-ms-lease-state", "available");
        response.setHeader("x-ms-has-immutability-policy", "false");
        response.setHeader("x-ms-has-legal-hold", "false");
    }

    void list(BlobRequest request, String container, HttpServletResponse response) throws IOException {
        Query query = request.query();
        String prefix = query.text("prefix");
        String delimiter = query.text("delimiter");
        int limit = limit(query);
        boolean metadata = Arrays.asList(query.text("include").split(",", -1)).contains("metadata");
        List<Map.Entry<String, List<Blob>>> entries =
                new ArrayList<>(entries(store.list(container, prefix), prefix.length(), delimiter)
                        .tailMap(marker(query.text("marker")))
                        .entrySet());

        StringBuilder xml = new StringBuilder(BlobXml.DECLARATION);
        xml.append("<EnumerationResults ServiceEndpoint=\"")
                .append(BlobXml.escape(request.http().getScheme() + "://"
                        + request.header("Host").orElse("") + "/"))
                .append("\" ContainerName=\"")
                .append(container)
                .append("\">");
        xml.append(BlobXml.name("Prefix", prefix));
        query.get("marker").ifPresent(marker -> xml.append(BlobXml.element("Marker", marker)));
        query.get("maxresults").ifPresent(max -> xml.append(BlobXml.element("MaxResults", String.valueOf(limit))));
        query.get("delimiter").ifPresent(given -> xml.append(BlobXml.element("Delimiter", given)));
        xml.append("<Blobs>");
        for (Map.Entry<String, List<Blob>> entry : entries.subList(0, Math.min(limit, entries.size()))) {
            if (entry.getValue().isEmpty()) {
                xml.append("<BlobPrefix>")
                        .append(BlobXml.name("Name", entry.getKey()))
                        .append("</BlobPrefix>");
            } else {
                blob(entry.getValue().getFirst(), metadata, xml);
            }
        }
        String next = entries.size() > limit ? mark(entries.get(limit).getKey()) : "";
        xml.append("</Blobs>").append(BlobXml.element("NextMarker", next)).append("</EnumerationResults>");
        byte[] bytes = xml.toString().getBytes(StandardCharsets.UTF_8);
        response.setContentType("application/xml");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
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

    private void blob(Blob blob, boolean metadata, StringBuilder xml) {
        BlobProperties known = store.properties(blob);
        xml.append("<Blob>").append(BlobXml.name("Name", blob.address().name())).append("<Properties>");
        xml.append(BlobXml.element("Creation-Time", BlobReads.httpDate(blob.modified())));
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
        xml.append("<BlobType>BlockBlob</BlobType><LeaseStatus>unlocked</LeaseStatus>");
        xml.append("<LeaseState>available</LeaseState><ServerEncrypted>true</ServerEncrypted></Properties>");
        if (metadata) {
            xml.append("<Metadata>");
            known.metadata().forEach((name, value) -> xml.append(BlobXml.element(name, value)));
            xml.append("</Metadata>");
        }
        xml.append("</Blob>");
    }

    private static int limit(Query query) {
        try {
            int limit = query.get("maxresults").map(Integer::parseInt).orElse(MAX_RESULTS);
            if (limit < 1) {
                throw BlobException.outOfRange("maxresults");
            }
            return Math.min(limit, MAX_RESULTS);
        } catch (NumberFormatException e) {
            throw BlobException.invalidQuery("maxresults");
        }
    }

    private static String mark(String name) {
        return Base64.getUrlEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }

    private static String marker(String mark) {
        try {
            return new String(Base64.getUrlDecoder().decode(mark), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw BlobException.invalidQuery("marker");
        }
    }

    /** A container of ours never changes, so one stamp serves. */
    private static void stamp(String container, HttpServletResponse response) {
        response.setHeader(
                "ETag", "\"0x" + BlobPaths.sha256(container).substring(0, 15).toUpperCase(Locale.ROOT) + "\"");
        response.setHeader("Last-Modified", BlobReads.httpDate(Instant.EPOCH));
    }
}
