package dev.malachite.server.blob;

import dev.malachite.server.blob.BlobAccess.Scope;
import dev.malachite.server.blob.FileShares.Share;
import dev.malachite.server.web.Caller;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/** Answers what concerns file shares and their directories (Microsoft's "Azure Files REST API"). */
@Component
class ShareCalls {

    /** Azure's largest share without large files, in GiB. */
    private static final int QUOTA = 5120;

    private static final int MOST_QUOTA = 102_400;

    private final FileShares shares;
    private final BlobStore store;

    ShareCalls(FileShares shares, BlobStore store) {
        this.shares = shares;
        this.store = store;
    }

    void service(BlobRequest request, HttpServletResponse response) throws IOException {
        String prefix = request.query().text("prefix");
        StringBuilder xml = begin(request, "").append("<Shares>");
        for (String name : shares.names()) {
            shares.find(name)
                    .filter(share -> name.startsWith(prefix))
                    .ifPresent(share -> xml.append("<Share>")
                            .append(BlobXml.element("Name", name))
                            .append("<Properties>")
                            .append(BlobXml.element("Last-Modified", BlobReads.httpDate(share.modified())))
                            .append(BlobXml.element("Etag", share.etag()))
                            .append(BlobXml.element("Quota", String.valueOf(share.quota())))
                            .append("</Properties></Share>"));
        }
        BlobXml.send(xml.append("</Shares><NextMarker/></EnumerationResults>"), response);
    }

    void share(BlobRequest request, String name, BlobAccess access, HttpServletResponse response) throws IOException {
        String call = request.method() + " " + request.query().text("comp");
        if (call.equals("PUT ")) {
            access.require(Scope.CONTAINER, "cw");
            create(request, name, response);
            return;
        }
        Share share = shares.find(name).orElseThrow(FileErrors::shareNotFound);
        switch (call) {
            case "GET ", "HEAD ", "GET metadata", "HEAD metadata" -> {
                access.require(Scope.LISTING, "rl");
                stamp(share, response);
                share.metadata().forEach((key, value) -> response.setHeader("x-ms-meta-" + key, value));
                response.setHeader("x-ms-share-quota", String.valueOf(share.quota()));
                response.setHeader("x-ms-enabled-protocols", "SMB");
                response.setHeader("x-ms-access-tier", "TransactionOptimized");
                response.setHeader("x-ms-lease-status", "unlocked");
                response.setHeader("x-ms-lease-state", "available");
            }
            case "PUT metadata" -> {
                access.require(Scope.CONTAINER, "w");
                stamp(shares.write(name, share.quota(), Said.metadata(request)), response);
            }
            case "PUT properties" -> {
                access.require(Scope.CONTAINER, "w");
                stamp(shares.write(name, quota(request), share.metadata()), response);
            }
            case "DELETE " -> {
                access.require(Scope.CONTAINER, "d");
                shares.remove(name);
                response.setStatus(HttpServletResponse.SC_ACCEPTED);
            }
            case "PUT lease" -> throw BlobException.notHere("Leases");
            case "PUT snapshot" -> throw BlobException.notHere("Snapshots of shares");
            case "PUT acl", "GET acl" -> throw BlobException.notHere("Stored access policies");
            default -> throw BlobException.invalidQuery("comp");
        }
    }

    private void create(BlobRequest request, String name, HttpServletResponse response) throws IOException {
        Containers.require("share", name);
        if (Containers.alwaysThere(name)) {
            throw BlobException.invalidResourceName("share");
        }
        if (shares.isShare(name)) {
            throw FileErrors.shareAlreadyExists();
        }
        if (store.hasContainer(name)) {
            throw FileErrors.nameOfContainer();
        }
        stamp(shares.write(name, quota(request), Said.metadata(request)), response);
        response.setStatus(HttpServletResponse.SC_CREATED);
    }

    private static int quota(BlobRequest request) {
        try {
            int quota =
                    request.header("x-ms-share-quota").map(Integer::parseInt).orElse(QUOTA);
            if (quota >= 1 && quota <= MOST_QUOTA) {
                return quota;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw BlobException.invalidHeader("x-ms-share-quota");
    }

    void directory(BlobRequest request, String share, String path, BlobAccess access, HttpServletResponse response)
            throws IOException {
        String call = request.method() + " " + request.query().text("comp");
        if (call.equals("GET list")) {
            access.require(Scope.LISTING, "l");
            requireDirectory(share, path);
            list(request, share, path, response);
            return;
        }
        if (path.isEmpty() && !call.equals("GET ") && !call.equals("HEAD ")) {
            throw BlobException.invalidUri();
        }
        switch (call) {
            case "PUT " -> {
                access.require(access.allows('c') ? 'c' : 'w');
                make(request, share, path, response);
            }
            case "GET ", "HEAD ", "GET metadata", "HEAD metadata" -> {
                access.require('r');
                requireDirectory(share, path);
                describe(share, path, response);
            }
            case "PUT metadata", "PUT properties" -> {
                access.require('w');
                requireDirectory(share, path);
                BlobProperties known = call.equals("PUT metadata")
                        ? BlobProperties.NONE.withMetadata(Said.metadata(request))
                        : store.find(FileShares.directory(share, path))
                                .map(store::properties)
                                .orElse(BlobProperties.NONE);
                stamp(mark(share, path, known), response);
            }
            case "DELETE " -> {
                access.require('d');
                remove(share, path);
                response.setStatus(HttpServletResponse.SC_ACCEPTED);
            }
            default -> throw FileErrors.unknown(request);
        }
    }

    private void make(BlobRequest request, String share, String path, HttpServletResponse response) throws IOException {
        requireParent(share, path);
        if (shares.hasDirectory(share, path)
                || store.find(new BlobAddress(share, path)).isPresent()) {
            throw FileErrors.alreadyExists();
        }
        Map<String, String> metadata = Said.metadata(request);
        stamp(mark(share, path, BlobProperties.NONE.withMetadata(metadata)), response);
        response.setStatus(HttpServletResponse.SC_CREATED);
        response.setHeader("x-ms-request-server-encrypted", "true");
    }

    private Blob mark(String share, String path, BlobProperties properties) throws IOException {
        return store.keep(
                FileShares.directory(share, path),
                store.intake().take(InputStream.nullInputStream(), -1, Optional.empty(), false),
                properties,
                before -> {});
    }

    /** What Azure has of every file and directory beyond what was said of it. */
    static void common(HttpServletResponse response, String attributes, String time) {
        response.setHeader("x-ms-file-attributes", attributes);
        response.setHeader("x-ms-file-creation-time", time);
        response.setHeader("x-ms-file-last-write-time", time);
        response.setHeader("x-ms-file-change-time", time);
        response.setHeader("x-ms-server-encrypted", "true");
    }

    private void describe(String share, String path, HttpServletResponse response) {
        store.find(FileShares.directory(share, path)).ifPresent(marker -> {
            stamp(marker, response);
            store.properties(marker)
                    .metadata()
                    .forEach((name, value) -> response.setHeader("x-ms-meta-" + name, value));
            common(response, "Directory", marker.modified().toString());
        });
    }

    private void remove(String share, String path) throws IOException {
        requireDirectory(share, path);
        String marker = FileShares.directory(share, path).name();
        if (store.list(share, marker).stream()
                .anyMatch(blob -> !blob.address().name().equals(marker))) {
            throw FileErrors.notEmpty();
        }
        store.delete(new BlobAddress(share, marker));
    }

    void requireParent(String share, String path) {
        int slash = path.lastIndexOf('/');
        if (slash > 0 && !shares.hasDirectory(share, path.substring(0, slash))) {
            throw FileErrors.parentNotFound();
        }
    }

    private void requireDirectory(String share, String path) {
        if (!shares.hasDirectory(share, path)) {
            throw FileErrors.notFound();
        }
    }

    private void list(BlobRequest request, String share, String path, HttpServletResponse response) throws IOException {
        Query query = request.query();
        String above = path.isEmpty() ? "" : path + "/";
        int limit = Pages.limit(query);
        SortedMap<String, Blob> entries = new TreeMap<>();
        for (Blob blob : store.list(share, above + query.text("prefix"))) {
            String name = blob.address().name().substring(above.length());
            int slash = name.indexOf('/');
            if (!name.isEmpty()) {
                entries.putIfAbsent(slash < 0 ? name : name.substring(0, slash + 1), blob);
            }
        }
        List<Map.Entry<String, Blob>> page =
                List.copyOf(entries.tailMap(Pages.start(query)).entrySet());
        StringBuilder xml =
                begin(request, " ShareName=\"%s\" DirectoryPath=\"%s\"".formatted(share, BlobXml.escape(path)));
        xml.append(BlobXml.name("Prefix", query.text("prefix"))).append("<Entries>");
        for (Map.Entry<String, Blob> entry : page.subList(0, Math.min(limit, page.size()))) {
            String name = entry.getKey();
            if (name.endsWith("/")) {
                xml.append("<Directory>")
                        .append(BlobXml.name("Name", name.substring(0, name.length() - 1)))
                        .append("<Properties/></Directory>");
            } else {
                xml.append("<File>")
                        .append(BlobXml.name("Name", name))
                        .append("<Properties>")
                        .append(BlobXml.element(
                                "Content-Length",
                                String.valueOf(entry.getValue().size())))
                        .append("</Properties></File>");
            }
        }
        String next = page.size() > limit ? Pages.marker(page.get(limit).getKey()) : "";
        BlobXml.send(
                xml.append("</Entries>")
                        .append(BlobXml.element("NextMarker", next))
                        .append("</EnumerationResults>"),
                response);
    }

    private static StringBuilder begin(BlobRequest request, String attributes) {
        return new StringBuilder(BlobXml.DECLARATION)
                .append("<EnumerationResults ServiceEndpoint=\"")
                .append(BlobXml.escape(Caller.of(request.http()).base() + "/"))
                .append('"')
                .append(attributes)
                .append('>');
    }

    private static void stamp(Share share, HttpServletResponse response) {
        response.setHeader("ETag", share.etag());
        response.setHeader("Last-Modified", BlobReads.httpDate(share.modified()));
    }

    private static void stamp(Blob blob, HttpServletResponse response) {
        BlobReads.stamp(response, blob);
    }
}
