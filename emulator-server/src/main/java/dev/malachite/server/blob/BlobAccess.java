package dev.malachite.server.blob;

/** What the caller of a blob request may do. */
sealed interface BlobAccess {

    boolean allows(char permission);

    /** Whether {@code If-None-Match: *} is to be ignored: the v1 SDK sends it with every upload, again and again. */
    boolean overwrites();

    default void require(char permission) {
        if (!allows(permission)) {
            throw BlobException.permissionMismatch();
        }
    }

    /** The holder of the account key may do everything. */
    record AccountKey() implements BlobAccess {
        @Override
        public boolean allows(char permission) {
            return true;
        }

        @Override
        public boolean overwrites() {
            return false;
        }
    }

    /**
     * The holder of a shared access signature.
     *
     * @param permissions letters of Azure's: r, c, w, d, l
     */
    record Shared(String permissions, boolean overwrites) implements BlobAccess {
        @Override
        public boolean allows(char permission) {
            return permissions.indexOf(permission) >= 0;
        }
    }
}
