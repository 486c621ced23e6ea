package dev.malachite.server.blob;

import java.util.Arrays;
import java.util.Optional;

/** The conditional headers of a request, judged against the blob that is there. */
record Conditions(Optional<String> ifMatch, Optional<String> ifNoneMatch) {

    static Conditions of(BlobRequest request) {
        return new Conditions(request.header("If-Match"), request.header("If-None-Match"));
    }

    void requireForRead(Blob blob) {
        requireMatch(Optional.of(blob));
        if (ifNoneMatch.isPresent() && names(ifNoneMatch.get(), blob)) {
            throw BlobException.notModified();
        }
    }

    void requireForWrite(BlobAccess access, Optional<Blob> before) {
        if (!access.allows('w')) {
            // The permission to create is none to overwrite.
            access.require('c');
            if (before.isPresent()) {
                throw BlobException.permissionMismatch();
            }
        }
        requireMatch(before);
        if (ifNoneMatch.isPresent() && before.isPresent() && names(ifNoneMatch.get(), before.get())) {
            if (!ifNoneMatch.get().equals("*")) {
                throw BlobException.conditionNotMet();
            }
            if (!access.overwrites()) {
                throw BlobException.blobAlreadyExists();
            }
        }
    }

    void requireMatch(Optional<Blob> blob) {
        if (ifMatch.isPresent()
                && !blob.map(present -> names(ifMatch.get(), present)).orElse(false)) {
            throw BlobException.conditionNotMet();
        }
    }

    private static boolean names(String etags, Blob blob) {
        return Arrays.stream(etags.split(",", -1))
                .map(String::strip)
                .anyMatch(etag -> etag.equals("*") || etag.equals(blob.etag()));
    }
}
