package dev.malachite.server.page;

import dev.malachite.api.Errors;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.artifact.Artifacts;
import dev.malachite.server.run.RunView;
import dev.malachite.server.run.Runs;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.Workspaces;
import java.io.IOException;
import java.nio.file.Path;
import org.springframework.stereotype.Component;

/** Finds the run that one of the page's paths names, and the files that belong to it. */
@Component
class PageRun {

    static final String PATH = "/_emulator/workspaces/{workspaceId}/runs/{runId}";

    /** What the job prints. It is asked for before the job has begun, so it need not be there yet. */
    static final String OUTPUT = "user_logs/std_log.txt";

    private final Workspaces workspaces;
    private final Runs runs;
    private final Artifacts artifacts;

    PageRun(Workspaces workspaces, Runs runs, Artifacts artifacts) {
        this.workspaces = workspaces;
        this.runs = runs;
        this.artifacts = artifacts;
    }

    Workspace workspace(String id) {
        return workspaces
                .find(new WorkspaceId(id))
                .orElseThrow(() -> new AzureException(Errors.notFound("Workspace '" + id + "'")));
    }

    RunView run(String workspaceId, String runId) {
        return runs.find(workspace(workspaceId).id(), runId)
                .orElseThrow(() -> new AzureException(Errors.notFound("Run '" + runId + "'")));
    }

    /** Where the bytes of one of the run's files are; only what the run has can be asked for. */
    Path file(RunView run, String path) throws IOException {
        WorkspaceId workspace = run.id().workspace();
        if (!path.equals(OUTPUT)
                && !artifacts.list(workspace, run.runId(), path).contains(path)) {
            throw new AzureException(Errors.notFound("The run's file '" + path + "'"));
        }
        return artifacts.logFile(workspace, run.runId(), path);
    }
}
