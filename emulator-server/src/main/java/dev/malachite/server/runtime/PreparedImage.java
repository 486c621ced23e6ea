package dev.malachite.server.runtime;

/**
 * An image that is there.
 *
 * @param reference the runtime's own name for it: an image id, or a folder
 * @param python the interpreter inside that has what the definition asked for, for example {@code /opt/env/bin/python}
 */
public record PreparedImage(String reference, String python) {

    /** As one line, for the engine, which keeps it and does not look into it. */
    public String encoded() {
        return reference + "\n" + python;
    }

    public static PreparedImage decode(String encoded) {
        int end = encoded.indexOf('\n');
        return new PreparedImage(encoded.substring(0, end), encoded.substring(end + 1));
    }
}
