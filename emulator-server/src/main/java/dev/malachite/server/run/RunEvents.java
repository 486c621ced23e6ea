package dev.malachite.server.run;

import dev.malachite.api.Errors;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.database.Transactions;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.springframework.stereotype.Service;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What clients tell about their runs. It moves only runs that no engine executes: a submitted script's own
 * {@code run.complete()} does not end its job (azureml-core leaves that to the service as well).
 */
@Service
class RunEvents {

    private static final String PREFIX = "Microsoft.MachineLearning.Run.";
    private static final int MAX_WARNINGS = 100;
    private static final int MAX_WARNING = 300;

    private final RunRepository repository;
    private final RunWriter writer;
    private final Transactions transactions;
    private final Clock clock;

    RunEvents(RunRepository repository, RunWriter writer, Transactions transactions, Clock clock) {
        this.repository = repository;
        this.writer = writer;
        this.transactions = transactions;
        this.clock = clock;
    }

    void handle(WorkspaceId workspace, String runId, ObjectNode event) {
        String name = Json.string(event, "name").orElse("");
        if (!name.startsWith(PREFIX)) {
            throw new AzureException(Errors.userError("'%s' is not an event of a run.".formatted(name)));
        }
        transactions.write(() -> {
            RunEntity run = repository
                    .findLockedByKey(RunKey.of(workspace, runId))
                    .orElseThrow(() -> new AzureException(Errors.notFound("Run '" + runId + "'")));
            handle(run, name.substring(PREFIX.length()), Json.objectAt(event, "data"));
            return true;
        });
    }

    private void handle(RunEntity entity, String event, ObjectNode data) {
        RunView run = entity.view();
        Instant now = clock.instant();
        switch (event) {
            case "Start" -> writer.move(run, "Running", Optional.empty(), now);
            case "Queued", "Completed", "Failed", "Canceled", "CancelRequested" ->
                writer.move(run, event, Optional.empty(), now);
            case "Error" -> {
                if (!run.executed()) {
                    error(entity, run, data);
                }
            }
            case "Warning" -> warning(entity, run, data);
            case "Heartbeat" -> writer.heartbeat(run.id(), now);
            default -> {
                // Others, as QueueingInfo, tell the portal something; they are no mistake.
            }
        }
    }

    /** The SDK tells why first and that it failed after; the first of the two does not end the run. */
    private void error(RunEntity entity, RunView run, ObjectNode data) {
        ObjectNode response = Json.objectAt(data, "ErrorResponse");
        if (response.isEmpty()) {
            response = RunWire.error(Json.string(data, "ErrorDetails").orElse("The run failed."), clock.instant());
        }
        ObjectNode document = run.document().deepCopy();
        document.set("error", response);
        entity.keep(document);
    }

    private static void warning(RunEntity entity, RunView run, ObjectNode data) {
        ObjectNode document = run.document().deepCopy();
        ArrayNode warnings =
                document.path("warnings") instanceof ArrayNode there ? there : document.putArray("warnings");
        if (warnings.size() >= MAX_WARNINGS) {
            return;
        }
        String message = Json.string(data, "Message").orElse("");
        warnings.addObject()
                .put("source", Json.string(data, "Source").orElse(null))
                .put("message", message.length() > MAX_WARNING ? message.substring(0, MAX_WARNING) : message);
        entity.keep(document);
    }
}
