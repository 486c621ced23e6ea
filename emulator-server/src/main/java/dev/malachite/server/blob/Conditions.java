package dev.malachite.server.blob;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;

/**
 * The conditional headers of a request, judged against what is there. As HTTP has it, a condition on the ETag makes the
 * one on the time void. Source: Microsoft's "Specifying conditional headers for Blob service operations".
 */
record Conditions(
        Optional<String> ifMatch,
        Optional<String> ifNoneMatch,
        Optional<Instant> ifModifiedSince,
        Optional<Instant> ifUnmodifiedSince) {

    static Conditions of(BlobRequest request) {
        return of(request, "");
    }

    /** Those on the source of a copy. */
    static Conditions ofSource(BlobRequest request) {
        return of(request, "x-ms-source-");
    }

    private static Conditions of(BlobRequest request, String prefix) {
        return new Conditions(
                request.header(prefix + "If-Match"),
                request.header(prefix + "If-None-Match"),
                time(request, prefix + "If-Modified-Since"),
                time(request, prefix + "If-Unmodified-Since"));
    }

    void requireForRead(Stamped present) {
        requireUnchanged(Optional.of(present));
        if (isAsKnown(present)) {
            throw BlobException.notModified();
        }
    }

    /** For a write that makes the blob or replaces it. */
    void requireForWrite(BlobAccess access, Optional<Blob> before) {
        if (!access.allows('w')) {
            // The permission to create is none to overwrite.
            access.require('c');
            if (before.isPresent()) {
                throw BlobException.permissionMismatch();
            }
        }
        requireUnchanged(before);
        if (before.isPresent() && isAsKnown(before.get())) {
            if (!ifNoneMatch.orElse("").equals("*")) {
                throw BlobException.conditionNotMet();
            }
            if (!access.overwrites()) {
                throw BlobException.blobAlreadyExists();
            }
        }
    }

    /** For a write to what must be there. */
    void requireForChange(Stamped before) {
        requireUnchanged(Optional.of(before));
        if (isAsKnown(before)) {
            throw BlobException.conditionNotMet();
        }
    }

    void requireOfSource(Stamped source) {
        if (!isUnchanged(Optional.of(source)) || isAsKnown(source)) {
            throw BlobException.sourceConditionNotMet();
        }
    }

    private void requireUnchanged(Optional<? extends Stamped> present) {
        if (!isUnchanged(present)) {
            throw BlobException.conditionNotMet();
        }
    }

    private boolean isUnchanged(Optional<? extends Stamped> present) {
        if (ifMatch.isPresent()) {
            return present.map(there -> names(ifMatch.get(), there)).orElse(false);
        }
        return ifUnmodifiedSince.isEmpty()
                || present.map(there -> !isModifiedAfter(there, ifUnmodifiedSince.get()))
                        .orElse(true);
    }

    private boolean isAsKnown(Stamped present) {
        if (ifNoneMatch.isPresent()) {
            return names(ifNoneMatch.get(), present);
        }
        return ifModifiedSince.isPresent() && !isModifiedAfter(present, ifModifiedSince.get());
    }

    /** In whole seconds, which is what a header can say. */
    private static boolean isModifiedAfter(Stamped present, Instant time) {
        return present.modified().truncatedTo(ChronoUnit.SECONDS).isAfter(time);
    }

    private static boolean names(String etags, Stamped present) {
        return Arrays.stream(etags.split(",", -1))
                .map(String::strip)
                .anyMatch(etag -> etag.equals("*") || etag.equals(present.etag()));
    }

    private static Optional<Instant> time(BlobRequest request, String header) {
        try {
            return request.header(header).map(text -> DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from));
        } catch (DateTimeException e) {
            throw BlobException.invalidHeader(header);
        }
    }
}
