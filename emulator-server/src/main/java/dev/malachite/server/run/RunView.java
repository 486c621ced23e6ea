package dev.malachite.server.run;

import dev.malachite.engine.JobId;
import dev.malachite.server.database.Attributes;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A run as it is now, whichever SDK made it. Its definition is long and read apart.
 *
 * @param number counted from 1 in its experiment
 * @param root the topmost ancestor's id; its own when it has no parent
 * @param document what clients sent besides, untouched
 * @param executed it was submitted as a job: the engine alone writes its status
 * @param status Azure's word, for example {@code Running}
 * @param attempt how often its execution has begun, the last one counted; 0 for what is not executed
 * @param error why it failed
 * @param heartbeat when a client last said that it lives
 */
public record RunView(
        JobId id,
        String experimentId,
        String experiment,
        long number,
        Optional<String> parent,
        String root,
        Optional<String> displayName,
        Optional<String> name,
        Optional<String> description,
        boolean hidden,
        Optional<String> runType,
        Optional<String> target,
        Optional<String> script,
        Instant created,
        String createdBy,
        Attributes tags,
        Attributes properties,
        ObjectNode document,
        boolean executed,
        String status,
        int attempt,
        Optional<Instant> started,
        Optional<Instant> ended,
        Optional<String> error,
        Optional<Instant> heartbeat) {

    public String runId() {
        return id.run();
    }

    public boolean isFinal() {
        return RunStatus.isFinal(status);
    }

    RunView moved(
            String to, int attempts, Optional<Instant> startedAt, Optional<Instant> endedAt, Optional<String> why) {
        return new RunView(
                id,
                experimentId,
                experiment,
                number,
                parent,
                root,
                displayName,
                name,
                description,
                hidden,
                runType,
                target,
                script,
                created,
                createdBy,
                tags,
                properties,
                document,
                executed,
                to,
                attempts,
                startedAt,
                endedAt,
                why,
                heartbeat);
    }
}
