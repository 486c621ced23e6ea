package dev.malachite.engine;

/**
 * Names one job: the same id as its run's, in every SDK.
 *
 * @param workspace the workspace it was submitted to
 * @param run the run id, case kept
 */
public record JobId(WorkspaceId workspace, String run) {

    @Override
    public String toString() {
        return workspace + "/" + run;
    }
}
