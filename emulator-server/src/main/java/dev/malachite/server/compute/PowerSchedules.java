package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.engine.Power;
import dev.malachite.engine.TargetId;
import dev.malachite.server.trigger.Trigger;
import dev.malachite.server.trigger.TriggerReader;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The schedules by which a compute instance is started and stopped, as they are sent and shown. */
final class PowerSchedules {

    private static final String SCHEDULES = "schedules";
    private static final String START_STOP = "computeStartStop";
    private static final int MOST = 100;

    /** What is to be done, and when. */
    record Entry(Power power, boolean enabled, Trigger trigger) {}

    private PowerSchedules() {}

    /**
     * Those of an instance.
     *
     * @param made when the instance was made: what names no start counts from then
     * @throws AzureException for one that is not understood
     */
    static List<Entry> read(ObjectNode inner, Instant made) {
        JsonNode list = Json.member(Json.objectAt(inner, SCHEDULES), START_STOP);
        if (list.size() > MOST) {
            throw invalid("there are at most %d.".formatted(MOST));
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonNode each : list) {
            if (!(each instanceof ObjectNode schedule)) {
                throw invalid("each is an object.");
            }
            entries.add(new Entry(power(schedule), enabled(schedule), TriggerReader.read(trigger(schedule), made)));
        }
        return entries;
    }

    private static Power power(ObjectNode schedule) {
        String action = Json.string(schedule, "action").orElse("");
        return switch (action.toLowerCase(Locale.ROOT)) {
            case "start" -> Power.START;
            case "stop" -> Power.STOP;
            default -> throw invalid("the action is Start or Stop, not '%s'.".formatted(action));
        };
    }

    private static boolean enabled(ObjectNode schedule) {
        String status = Json.string(schedule, "status").orElse("Enabled");
        return switch (status.toLowerCase(Locale.ROOT)) {
            case "enabled" -> true;
            case "disabled" -> false;
            default -> throw invalid("the status is Enabled or Disabled, not '%s'.".formatted(status));
        };
    }

    /** The trigger stands in a member of its own name here, and beside its type elsewhere. */
    private static ObjectNode trigger(ObjectNode schedule) {
        String type = Json.string(schedule, "triggerType").orElse("");
        return Json.objectAt(schedule, type.toLowerCase(Locale.ROOT)).deepCopy().put("triggerType", type);
    }

    /** What the service adds to each; an id stays for as long as its schedule does. */
    static void show(ObjectNode inner, TargetId id) {
        if (!(Json.member(Json.objectAt(inner, SCHEDULES), START_STOP) instanceof ArrayNode list)) {
            return;
        }
        int number = 0;
        for (JsonNode each : list) {
            if (each instanceof ObjectNode schedule) {
                String known = Json.string(schedule, "id").orElseGet(() -> "");
                schedule.put("id", known.isEmpty() ? stable(id, number) : known);
                schedule.put("provisioningStatus", "Completed");
                schedule.put("status", enabled(schedule) ? "Enabled" : "Disabled");
            }
            number++;
        }
    }

    private static String stable(TargetId id, int number) {
        return UUID.nameUUIDFromBytes("schedule %d of %s".formatted(number, id).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private static AzureException invalid(String why) {
        return new AzureException(Errors.invalidParameter("properties.properties.schedules.computeStartStop", why));
    }
}
