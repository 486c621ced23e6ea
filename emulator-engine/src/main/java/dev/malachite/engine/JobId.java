package dev.malachite.engine;

import java.util.Comparator;

/**
 * Names one job: the same id as its run's, in every SDK.
 *
 * @param workspace the workspace it was submitted to
 * @param run the run id, case kept
 */
public record JobId(WorkspaceId workspace, String run) implements Comparable<JobId> {

    private static final Comparator<JobId> ORDER =
            Comparator.comparing((JobId id) -> id.workspace().value()).thenComparing(JobId::run);

    @Override
    public int compareTo(JobId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return workspace + "/" + run;
    }
}
