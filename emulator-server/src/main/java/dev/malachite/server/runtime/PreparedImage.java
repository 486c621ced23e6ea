package dev.malachite.server.runtime;

/**
 * An image that is there.
 *
 * @param reference the runtime's own name for it: an image id, or a folder
 * @param python the interpreter inside that has what the definition asked for, for example {@code /opt/env/bin/python}
 */
public record PreparedImage(String reference, String python) {}
