package dev.malachite.server.datastore;

/** Opens single containers to those who may not have the account's key; the blob store provides it. */
public interface ContainerGrants {

    /** A SAS to read, write and list the blobs of the container, without a question mark. */
    String grant(String container);

    /** A key that signs for the container as the account's does for all of them: 64 bytes in base64. */
    String key(String container);
}
