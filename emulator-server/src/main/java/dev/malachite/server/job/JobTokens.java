package dev.malachite.server.job;

import dev.malachite.server.identity.Tokens;
import dev.malachite.server.run.RunTokens;
import dev.malachite.server.workspace.WorkspaceRef;
import dev.malachite.server.workspace.Workspaces;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/** Tokens that last as long as a job may run: a job cannot sign in again. */
@Component
class JobTokens implements RunTokens {

    /** The service's own bound for a run (service-facts, Lifetimes). */
    private static final Duration LIFE = Duration.ofDays(30);

    private final Tokens tokens;
    private final Workspaces workspaces;

    JobTokens(Tokens tokens, Workspaces workspaces) {
        this.tokens = tokens;
        this.workspaces = workspaces;
    }

    @Override
    public RunToken issue(WorkspaceRef workspace, String runId) {
        // Real time, because the client in the job judges it by its own clock.
        return new RunToken(
                tokens.runToken(workspace, workspaces.require(workspace).id(), runId, LIFE),
                InstantSource.system().instant().plus(LIFE));
    }
}
