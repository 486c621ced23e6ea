package dev.malachite.server.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a job finds beside its code, below its node's data folder: its inputs, and the folders of its named outputs.
 *
 * @param folders made even where nothing lies in them
 */
public record JobData(List<DataFile> files, List<String> folders) {

    public static final JobData NONE = new JobData(List.of(), List.of());

    /**
     * One file.
     *
     * @param path relative to the data folder, with {@code /}
     * @param content where its bytes are on our disk; not to be written
     * @param writable whether the job may change its copy
     */
    public record DataFile(String path, Path content, long size, boolean writable) {}

    /** Looked through only when a node takes its files: a job that runs already needs them no more. */
    @FunctionalInterface
    public interface Source {

        JobData find() throws IOException;

        /** The node has what was found, or will not take it: what was brought here for it alone may go. */
        default void release() {}
    }

    /** A job cannot have what it asked for, and another node would not change that; the message is for its user. */
    public static final class Missing extends IOException {

        private static final long serialVersionUID = 1;

        public Missing(String message) {
            super(message);
        }
    }
}
