package dev.malachite.server.blob;

import java.util.Optional;
import org.springframework.stereotype.Component;

/** Finds what a copy is to be made of: a blob of this account, which the caller must be allowed to read. */
@Component
class CopySources {

    private final BlobStore store;
    private final SharedAccess sas;

    CopySources(BlobStore store, SharedAccess sas) {
        this.store = store;
        this.sas = sas;
    }

    /** Ends the request unless the blob that {@code x-ms-copy-source} names is here and readable. */
    Blob find(BlobRequest request, BlobAccess access) {
        String url = BlobWrites.source(request).orElseThrow(() -> BlobException.missingHeader("x-ms-copy-source"));
        if (url.length() > 2048 + 1024) {
            throw BlobException.invalidHeader("x-ms-copy-source");
        }
        BlobUrls.Target target = BlobUrls.parse(url)
                .filter(known -> !known.path().isEmpty())
                .orElseThrow(() -> BlobException.copySource(
                        404, "The copy source is no blob of this account: %s".formatted(withoutQuery(url))));
        BlobAddress address = new BlobAddress(target.container(), target.path());
        if (!access.readsAll() || query(url).isPresent()) {
            requireReadable(request, address, query(url).orElse(""));
        }
        Blob blob = store.find(address)
                .orElseThrow(() -> BlobException.copySource(404, "The specified blob does not exist."));
        Conditions.ofSource(request).requireOfSource(blob);
        return blob;
    }

    /** The stretch of it that {@code x-ms-source-range} names, or all. */
    Intake.Part part(BlobRequest request, BlobAccess access) {
        Blob blob = find(request, access);
        ByteRange range = ByteRange.of(request.header("x-ms-source-range"), blob.size());
        return new Intake.Part(blob.content(), range.first(), range.length());
    }

    private void requireReadable(BlobRequest request, BlobAddress address, String query) {
        BlobRequest source = new BlobRequest(
                request.http(), Query.of(query), Optional.of(address.container()), Optional.of(address.name()));
        try {
            sas.check(source).access().require('r');
        } catch (BlobException e) {
            throw BlobException.copySource(e.status(), e.message());
        }
    }

    private static Optional<String> query(String url) {
        int mark = url.indexOf('?');
        return mark < 0 ? Optional.empty() : Optional.of(url.substring(mark + 1));
    }

    /** A signature has no business in a message. */
    static String withoutQuery(String url) {
        int mark = url.indexOf('?');
        return mark < 0 ? url : url.substring(0, mark);
    }
}
