package dev.malachite.server.schedule;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.trigger.Trigger;
import dev.malachite.server.trigger.TriggerReader;
import dev.malachite.server.web.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A schedule as it is kept.
 *
 * @param properties as they were received
 * @param next when it is due; empty while it is disabled, and when nothing is left to come
 * @param created counting begins here where the trigger names no start; in whole seconds
 */
record Schedule(
        WorkspaceId workspace,
        String name,
        ObjectNode properties,
        boolean enabled,
        Optional<Instant> next,
        Instant created,
        String createdBy,
        Instant modified) {

    private static final DateTimeFormatter SUFFIX =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    Trigger trigger() {
        return TriggerReader.read(Json.objectAt(properties, "trigger"), created);
    }

    /**
     * What the run that is due then is called: the same whenever it is asked, so that none is ever submitted twice. It
     * is also the display name that the service gives it (Microsoft's "Schedule machine learning pipeline jobs").
     */
    String run(Instant due) {
        return name + "-" + SUFFIX.format(due);
    }

    ObjectNode definition() {
        return Json.objectAt(Json.objectAt(properties, "action"), "jobDefinition");
    }

    Schedule next(Instant after) {
        return new Schedule(
                workspace,
                name,
                properties,
                enabled,
                enabled ? trigger().next(after) : Optional.empty(),
                created,
                createdBy,
                modified);
    }
}
