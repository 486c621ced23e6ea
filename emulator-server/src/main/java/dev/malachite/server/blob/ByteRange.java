package dev.malachite.server.blob;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which bytes are wanted.
 *
 * @param partial whether a range was asked for
 */
record ByteRange(long first, long length, boolean partial) {

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{0,18})");

    /** As HTTP has it, a range that is not understood is as good as none. */
    static ByteRange of(Optional<String> wanted, long size) {
        Matcher range = RANGE.matcher(wanted.orElse(""));
        if (!range.matches()) {
            return new ByteRange(0, size, false);
        }
        long first = Long.parseLong(range.group(1));
        long last = range.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(range.group(2));
        if (first >= size || last < first) {
            throw BlobException.invalidRange(size);
        }
        return new ByteRange(first, Math.min(last, size - 1) - first + 1, true);
    }
}
