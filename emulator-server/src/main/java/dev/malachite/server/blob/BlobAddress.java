package dev.malachite.server.blob;

/**
 * Where a blob is.
 *
 * @param container a legal container name
 * @param name 1 to 1024 characters; slashes, dots and empty segments have no meaning
 */
public record BlobAddress(String container, String name) {

    /** Azure's limit. */
    private static final int MAX_NAME = 1024;

    public BlobAddress {
        Containers.require(container);
        if (name.isEmpty() || name.length() > MAX_NAME || name.indexOf('\0') >= 0 || !wellFormed(name)) {
            throw BlobException.invalidResourceName("blob");
        }
    }

    private static boolean wellFormed(String name) {
        return name.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
