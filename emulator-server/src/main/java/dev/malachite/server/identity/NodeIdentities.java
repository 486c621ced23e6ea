package dev.malachite.server.identity;

import java.util.List;

/** What the compute knows about the identities of a job's machine; the part that keeps the compute provides it. */
public interface NodeIdentities {

    /** The machine's own first; empty where it has none, or the run is on no machine of ours. */
    List<NodeIdentity> of(RunIdentity run);
}
