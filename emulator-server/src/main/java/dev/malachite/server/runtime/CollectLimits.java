package dev.malachite.server.runtime;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what one job leaves behind within bounds: what is beyond them is left out, and the log says so. */
public final class CollectLimits {

    private static final Logger LOG = LoggerFactory.getLogger(CollectLimits.class);
    private static final int FILES = 10_000;
    private static final long BYTES = 10L << 30;

    private final String owner;
    private int files;
    private long bytes;
    private boolean told;

    public CollectLimits(String owner) {
        this.owner = owner;
    }

    /** Whether a file of that size still has room; if so it is counted. */
    public boolean admit(String path, long size) {
        if (files >= FILES || size > BYTES - bytes) {
            if (!told) {
                LOG.warn(
                        "{} left more than {} files or {} bytes; '{}' and others are not kept",
                        owner,
                        FILES,
                        BYTES,
                        path);
                told = true;
            }
            return false;
        }
        files++;
        bytes += size;
        return true;
    }
}
