package dev.malachite.server.delivery;

/** Where data lie. */
public sealed interface DataPlace {

    /** As clients are told of it. */
    String uri();

    /**
     * In our own blob store.
     *
     * @param path of a blob, or of a folder of blobs without a slash at its end; may be empty
     * @param uri the long form of {@code azureml://…/datastores/…/paths/…}, or a URL
     */
    record Stored(String container, String path, String uri) implements DataPlace {

        /** The path's last part. */
        String name() {
            return path.substring(path.lastIndexOf('/') + 1);
        }
    }

    /** Somewhere else, to be had by a plain GET. */
    record Elsewhere(String uri) implements DataPlace {

        String name() {
            String path = uri.replaceFirst("[?#].*", "");
            return path.substring(path.lastIndexOf('/') + 1);
        }
    }
}
