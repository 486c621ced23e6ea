package dev.malachite.server.blob;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.identity.CallerIdentity;
import java.util.Optional;

/** What the caller of a storage request may do. */
sealed interface BlobAccess {

    /** What an operation is about. */
    enum Scope {
        SERVICE('s'),
        CONTAINER('c'),
        /** The names in a container: also the holder of a container's SAS may be given them. */
        LISTING('c'),
        BLOB('o');

        /** Its letter in an account SAS's {@code srt}. */
        private final char letter;

        Scope(char letter) {
            this.letter = letter;
        }
    }

    boolean allows(Scope scope, char permission);

    /** Whether this caller may touch the container at all. */
    default boolean reaches(Optional<String> container) {
        return true;
    }

    /** Whether any blob of the account may be read without a signature of its own, as the source of a copy. */
    default boolean readsAll() {
        return false;
    }

    /** Whether {@code If-None-Match: *} is to be ignored: the v1 SDK sends it with every upload, again and again. */
    default boolean overwrites() {
        return false;
    }

    default boolean allows(char permission) {
        return allows(Scope.BLOB, permission);
    }

    default void require(char permission) {
        require(Scope.BLOB, String.valueOf(permission));
    }

    /** Ends the request unless the caller has one of these permissions. */
    default void require(Scope scope, String anyOf) {
        if (anyOf.chars().noneMatch(permission -> allows(scope, (char) permission))) {
            throw BlobException.permissionMismatch();
        }
    }

    /** The holder of the account key may do everything. */
    record AccountKey() implements BlobAccess {
        @Override
        public boolean allows(Scope scope, char permission) {
            return true;
        }

        @Override
        public boolean readsAll() {
            return true;
        }
    }

    /**
     * Who shows a token: a person or an application may do everything, a compute instance everything inside of its
     * workspace's containers, a run what the signatures that it is given for
     * its workspace's datastores allow.
     *
     * @param writable whether the run may write the blob that the request names
     */
    record Bearer(CallerIdentity caller, boolean writable) implements BlobAccess {

        private static final String READING = "rl";
        private static final String WRITING = "acw";

        @Override
        public boolean allows(Scope scope, char permission) {
            if (caller.run().isEmpty()) {
                return caller.bound().isEmpty() || scope == Scope.LISTING || scope == Scope.BLOB;
            }
            return switch (scope) {
                case SERVICE, CONTAINER -> false;
                case LISTING -> READING.indexOf(permission) >= 0;
                case BLOB -> READING.indexOf(permission) >= 0 || (writable && WRITING.indexOf(permission) >= 0);
            };
        }

        @Override
        public boolean reaches(Optional<String> container) {
            Optional<WorkspaceId> own = caller.bound();
            return own.isEmpty()
                    || container.equals(own.map(Containers::artifacts))
                    || container.equals(own.map(Containers::datastore));
        }

        @Override
        public boolean readsAll() {
            return caller.bound().isEmpty();
        }
    }

    /**
     * The holder of a shared access signature for a blob or a container.
     *
     * @param permissions letters of Azure's: r, a, c, w, d, l
     */
    record Shared(String permissions, boolean overwrites) implements BlobAccess {
        @Override
        public boolean allows(Scope scope, char permission) {
            return switch (scope) {
                case SERVICE, CONTAINER -> false;
                case LISTING, BLOB -> permissions.indexOf(permission) >= 0;
            };
        }
    }

    /**
     * The holder of a shared access signature for the account.
     *
     * @param types of resources: s, c, o
     */
    record SharedAccount(String permissions, String types) implements BlobAccess {
        @Override
        public boolean allows(Scope scope, char permission) {
            return types.indexOf(scope.letter) >= 0 && permissions.indexOf(permission) >= 0;
        }
    }
}
