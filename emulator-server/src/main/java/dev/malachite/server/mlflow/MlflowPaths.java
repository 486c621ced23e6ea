package dev.malachite.server.mlflow;

import dev.malachite.server.workspace.WorkspaceRef;

/** Where MLflow's clients call: below the workspace's tracking URI, whichever version it names. */
final class MlflowPaths {

    static final String TRACKING = "/mlflow/{api}" + WorkspaceRef.PATH;
    static final String API = TRACKING + "/api/2.0/mlflow";
    static final String PREVIEW = TRACKING + "/api/2.0/preview/mlflow";

    private MlflowPaths() {}
}
