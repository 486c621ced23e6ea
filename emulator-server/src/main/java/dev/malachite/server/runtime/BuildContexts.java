package dev.malachite.server.runtime;

import java.nio.file.Path;
import java.util.List;

/** Knows the files of Docker build contexts that clients have uploaded; the part that keeps files provides it. */
@FunctionalInterface
public interface BuildContexts {

    /**
     * One file.
     *
     * @param path in the context, with slashes
     * @param content where its bytes are
     */
    record Source(String path, Path content, long size) {}

    /** All files below the URL; a failure that says why where it is no place of ours. */
    List<Source> files(String url) throws ImageFailure;
}
