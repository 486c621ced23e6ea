package dev.malachite.server.blob;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** Answers requests for Azure Files: shares and directories go on, files are answered here. */
@Component
class FileCalls {

    /** Azure's limit of what is written at once. */
    private static final long MAX_RANGE = 4L * 1024 * 1024;

    private static final Pattern HOST =
            Pattern.compile("^" + StorageAccount.NAME + "\\.file\\.", Pattern.CASE_INSENSITIVE);

    private final ShareCalls directories;
    private final FileShares shares;
    private final BlobStore store;
    private final BlobReads reads;

    FileCalls(ShareCalls directories, FileShares shares, BlobStore store, BlobReads reads) {
        this.directories = directories;
        this.shares = shares;
        this.store = store;
        this.reads = reads;
    }

    /** Whether a request for the account is one for its shares: by host, by what it asks for, or because there is such a share. */
    boolean means(BlobRequest request) {
        return HOST.matcher(Optional.ofNullable(request.http().getHeader("Host"))
                                .orElse(""))
                        .find()
                || request.query().has("restype", "share")
                || request.query().has("restype", "directory")
                || request.container().map(shares::isShare).orElseGet(() -> isFilesClient(request));
    }

    /** A list of the account's shares differs from one of its containers in nothing but who asks. */
    private static boolean isFilesClient(BlobRequest request) {
        return request.header("User-Agent")
                .filter(agent -> agent.contains("-storage-file-share"))
                .isPresent();
    }

    void perform(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        if (request.container().isEmpty()) {
            access.require(BlobAccess.Scope.SERVICE, "l");
            directories.service(request, response);
            return;
        }
        String share = request.container().get();
        String path = request.blob().orElse("").replaceFirst("/+$", "");
        if (request.query().has("restype", "share")) {
            directories.share(request, share, access, response);
        } else if (!shares.isShare(share)) {
            throw FileErrors.shareNotFound();
        } else if (request.query().has("restype", "directory")) {
            directories.directory(request, share, path, access, response);
        } else if (path.isEmpty()) {
            throw BlobException.invalidUri();
        } else {
            file(request, new BlobAddress(share, path), access, response);
        }
    }

    private void file(BlobRequest request, BlobAddress file, BlobAccess access, HttpServletResponse response)
            throws IOException {
        String call = request.method() + " " + request.query().text("comp");
        if (call.equals("PUT ") && request.header("x-ms-copy-source").isEmpty()) {
            access.require(access.allows('c') ? 'c' : 'w');
            create(request, file, response);
            return;
        }
        Blob blob = store.find(file).orElseThrow(FileErrors::notFound);
        switch (call) {
            case "GET ", "HEAD ", "GET metadata", "HEAD metadata" -> {
                access.require('r');
                read(request, blob, response);
            }
            case "GET rangelist" -> {
                access.require('r');
                ranges(blob, response);
            }
            case "PUT range" -> {
                access.require('w');
                write(request, blob, response);
            }
            case "PUT metadata" -> {
                access.require('w');
                Map<String, String> metadata = Said.metadata(request);
                BlobReads.stamp(
                        response, store.change(file, true, known -> known.withMetadata(metadata), before -> {}));
            }
            case "PUT properties" -> {
                access.require('w');
                properties(request, file, response);
            }
            case "DELETE " -> {
                access.require('d');
                store.delete(file);
                response.setStatus(HttpServletResponse.SC_ACCEPTED);
            }
            default -> throw FileErrors.unknown(request);
        }
    }

    /** A file is made of zeros, and written in ranges. */
    private void create(BlobRequest request, BlobAddress file, HttpServletResponse response) throws IOException {
        long size = size(request).orElseThrow(() -> BlobException.missingHeader("x-ms-content-length"));
        directories.requireParent(file.container(), file.name());
        if (store.find(FileShares.directory(file.container(), file.name())).isPresent()) {
            throw FileErrors.typeMismatch();
        }
        Map<String, String> metadata = Said.metadata(request);
        Intake.Taken taken = store.intake().take(InputStream.nullInputStream(), -1, Optional.empty(), false);
        resize(taken, size);
        Blob made = store.keep(
                file, taken, BlobProperties.NONE.withMetadata(metadata).withHeaders(headers(request)), before -> {});
        BlobReads.stamp(response, made);
        ShareCalls.common(response, "Archive", made.modified().toString());
        response.setHeader("x-ms-request-server-encrypted", "true");
        response.setStatus(HttpServletResponse.SC_CREATED);
    }

    private static void resize(Intake.Taken taken, long size) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(taken.file().toFile(), "rw")) {
            file.setLength(size);
        }
    }

    private void read(BlobRequest request, Blob blob, HttpServletResponse response) throws IOException {
        BlobProperties known = store.properties(blob);
        BlobReads.stamp(response, blob);
        response.setHeader("x-ms-type", "File");
        response.setHeader("Accept-Ranges", "bytes");
        response.setHeader("x-ms-lease-status", "unlocked");
        response.setHeader("x-ms-lease-state", "available");
        ShareCalls.common(response, "Archive", blob.modified().toString());
        response.setHeader("Content-Type", "application/octet-stream");
        // As of blobs: a file must not act in the name of the emulator's own page.
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Security-Policy", "sandbox");
        known.headers()
                .forEach((name, value) -> response.setHeader(BlobProperties.NAMES.getOrDefault(name, name), value));
        known.metadata().forEach((name, value) -> response.setHeader("x-ms-meta-" + name, value));
        if (request.method().equals("HEAD") || request.query().has("comp", "metadata")) {
            response.setContentLengthLong(request.method().equals("HEAD") ? blob.size() : 0);
        } else {
            reads.content(request, response, blob, Optional.empty());
        }
    }

    private static void ranges(Blob blob, HttpServletResponse response) throws IOException {
        BlobReads.stamp(response, blob);
        response.setHeader("x-ms-content-length", String.valueOf(blob.size()));
        StringBuilder xml = new StringBuilder(BlobXml.DECLARATION).append("<Ranges>");
        if (blob.size() > 0) {
            xml.append("<Range>")
                    .append(BlobXml.element("Start", "0"))
                    .append(BlobXml.element("End", String.valueOf(blob.size() - 1)))
                    .append("</Range>");
        }
        BlobXml.send(xml.append("</Ranges>"), response);
    }

    private void write(BlobRequest request, Blob blob, HttpServletResponse response) throws IOException {
        String how = request.header("x-ms-write").orElseThrow(() -> BlobException.missingHeader("x-ms-write"));
        ByteRange range = ByteRange.of(request.header("x-ms-range").or(() -> request.header("Range")), blob.size());
        if (!range.partial()) {
            throw BlobException.missingHeader("x-ms-range");
        }
        Intake.Taken taken;
        switch (how) {
            case "update" -> {
                long declared = request.http().getContentLengthLong();
                if (declared > MAX_RANGE) {
                    throw BlobException.bodyTooLarge(MAX_RANGE);
                }
                if (declared != range.length()) {
                    throw BlobException.invalidHeader("Content-Length");
                }
                taken = store.intake()
                        .take(request.http().getInputStream(), declared, request.header("Content-MD5"), false);
            }
            case "clear" -> {
                taken = store.intake().take(InputStream.nullInputStream(), -1, Optional.empty(), false);
                resize(taken, range.length());
                taken = new Intake.Taken(taken.file(), range.length(), Optional.empty());
            }
            default -> throw BlobException.invalidHeader("x-ms-write");
        }
        Blob changed = store.overwrite(blob.address(), range.first(), taken);
        BlobReads.stamp(response, changed);
        taken.md5().ifPresent(md5 -> response.setHeader("Content-MD5", md5));
        response.setHeader("x-ms-request-server-encrypted", "true");
        response.setStatus(HttpServletResponse.SC_CREATED);
    }

    private void properties(BlobRequest request, BlobAddress file, HttpServletResponse response) throws IOException {
        Optional<Long> size = size(request);
        if (size.isPresent()) {
            store.resize(file, size.get());
        }
        Map<String, String> headers = headers(request);
        Blob changed = store.change(file, true, known -> known.withHeaders(headers), before -> {});
        BlobReads.stamp(response, changed);
        ShareCalls.common(response, "Archive", changed.modified().toString());
    }

    private static Map<String, String> headers(BlobRequest request) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : BlobProperties.NAMES.keySet()) {
            request.header("x-ms-" + name).ifPresent(value -> headers.put(name, value));
        }
        return headers;
    }

    private static Optional<Long> size(BlobRequest request) {
        try {
            Optional<Long> size = request.header("x-ms-content-length").map(Long::valueOf);
            if (size.filter(bytes -> bytes < 0).isPresent()) {
                throw BlobException.invalidHeader("x-ms-content-length");
            }
            if (size.filter(bytes -> bytes > Intake.MAX_BLOB).isPresent()) {
                throw BlobException.bodyTooLarge(Intake.MAX_BLOB);
            }
            return size;
        } catch (NumberFormatException e) {
            throw BlobException.invalidHeader("x-ms-content-length");
        }
    }
}
