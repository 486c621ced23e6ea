package dev.malachite.server.datastore;

/** Opens single containers to those who may not have the account's key; the blob store provides it. */
public interface ContainerGrants {

    /** A SAS to read, write and list the blobs of the container, without a question mark. */
    String grant(String container);
}
