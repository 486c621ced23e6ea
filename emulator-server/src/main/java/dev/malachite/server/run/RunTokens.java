package dev.malachite.server.run;

import dev.malachite.server.workspace.WorkspaceRef;
import java.time.Instant;

/** Issues tokens that are good for one run only. */
public interface RunTokens {

    /**
     * A token.
     *
     * @param value a JWT
     * @param expires real time, because clients judge it by their own clock
     */
    record RunToken(String value, Instant expires) {

        /** Without the token itself. */
        @Override
        public String toString() {
            return "RunToken[expires " + expires + "]";
        }
    }

    RunToken issue(WorkspaceRef workspace, String runId);
}
