package dev.malachite.server.job;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.run.RunView;
import dev.malachite.server.run.Runs;
import dev.malachite.server.web.Caller;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** What is still to happen to jobs after an answer of 202. The operation's id says what: nothing of it is kept. */
@RestController
class JobOperations {

    private static final String CANCEL = "cancel";
    private static final String DELETE = "delete";

    private final Runs runs;

    JobOperations(Runs runs) {
        this.runs = runs;
    }

    /** A cancellation that goes on; polled until the job has ended. */
    static ResponseEntity<ObjectNode> canceling(Workspace workspace, String run) {
        return accepted(workspace, CANCEL, run);
    }

    static ResponseEntity<ObjectNode> deleting(Workspace workspace, String run) {
        return accepted(workspace, DELETE, run);
    }

    private static ResponseEntity<ObjectNode> accepted(Workspace workspace, String what, String run) {
        return ResponseEntity.accepted()
                .header(
                        "Location",
                        "%s/subscriptions/%s/providers/Microsoft.MachineLearningServices/locations/%s/mfeOperationResults/%s.%s.%s?api-version=2023-04-01-preview"
                                .formatted(
                                        Caller.current().base(),
                                        workspace.ref().subscription(),
                                        workspace.location(),
                                        what,
                                        workspace.id(),
                                        run))
                .header("Retry-After", "1")
                .build();
    }

    @GetMapping(
            "/subscriptions/{sub}/providers/Microsoft.MachineLearningServices/locations/{location}/mfeOperationResults/{what}.{workspace}.{run}")
    ResponseEntity<ObjectNode> result(
            @PathVariable String sub,
            @PathVariable String location,
            @PathVariable String what,
            @PathVariable String workspace,
            @PathVariable String run) {
        Optional<RunView> found = runs.find(new WorkspaceId(workspace), run);
        boolean done = what.equals(CANCEL)
                ? found.map(RunView::isFinal).orElse(true)
                : found.isEmpty();
        return done
                ? ResponseEntity.ok(Json.object())
                : ResponseEntity.accepted()
                        .header(
                                "Location",
                                "%s/subscriptions/%s/providers/Microsoft.MachineLearningServices/locations/%s/mfeOperationResults/%s.%s.%s?api-version=2023-04-01-preview"
                                        .formatted(Caller.current().base(), sub, location, what, workspace, run))
                        .header("Retry-After", "1")
                        .build();
    }
}
