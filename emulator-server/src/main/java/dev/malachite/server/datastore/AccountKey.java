package dev.malachite.server.datastore;

/** The shared key of the emulator's one storage account; the blob store, which checks signatures with it, provides it. */
public interface AccountKey {

    /** 64 bytes in base64, as Azure's are. */
    String base64();
}
