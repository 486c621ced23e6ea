package dev.malachite.server.job;

import dev.malachite.engine.Eviction;
import dev.malachite.engine.JobId;
import dev.malachite.engine.Node;
import dev.malachite.engine.State;
import dev.malachite.server.identity.LiveRuns;
import dev.malachite.server.identity.RunIdentity;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.loop.EmulatorClock;
import dev.malachite.server.web.Json;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells code in a node that the node will be taken away, in the form of the instance metadata service's scheduled events.
 * The address stands in {@code MALACHITE_SCHEDULED_EVENTS}; the run shows its token as it does for its identity.
 */
@RestController
class ScheduledEventsController {

    /** What is later than that comes never for a job, and its year would have more digits than the document's times. */
    private static final Duration FARTHEST = Duration.ofDays(36_500);

    private final ControlLoop loop;
    private final LiveRuns runs;
    private final EmulatorClock clock;

    ScheduledEventsController(ControlLoop loop, LiveRuns runs, EmulatorClock clock) {
        this.loop = loop;
        this.runs = runs;
        this.clock = clock;
    }

    @GetMapping("/metadata/scheduledevents")
    ResponseEntity<ObjectNode> events(HttpServletRequest request) {
        // Azure refuses requests without it: a page in a browser cannot set one.
        if (!"true".equalsIgnoreCase(request.getHeader("Metadata"))) {
            return refused("Required metadata header not specified");
        }
        Optional<RunIdentity> run =
                Optional.ofNullable(request.getHeader("X-IDENTITY-HEADER")).flatMap(runs::of);
        if (run.isEmpty()) {
            return refused("A job shows its run token in the header X-IDENTITY-HEADER");
        }
        State state = loop.state();
        Instant now = clock.instant();
        List<Node> leaving = state
                .job(new JobId(run.get().workspaceId(), run.get().runId()))
                .stream()
                .flatMap(job -> job.nodes().stream())
                .flatMap(id -> state.node(id).stream())
                .filter(node -> node.eviction()
                        .filter(eviction -> !eviction.noticed().isAfter(now))
                        .isPresent())
                .toList();
        ObjectNode document = Json.object();
        // Changes with what it says, and only then.
        document.put("DocumentIncarnation", leaving.size());
        ArrayNode events = document.putArray("Events");
        leaving.forEach(node -> events.add(event(node, node.eviction().orElseThrow(), now)));
        return ResponseEntity.ok().header("Cache-Control", "no-store").body(document);
    }

    private ObjectNode event(Node node, Eviction eviction, Instant now) {
        ObjectNode event = Json.object();
        String id = node.id() + "/" + eviction.noticed();
        event.put(
                "EventId",
                UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString());
        event.put("EventStatus", eviction.due().isAfter(now) ? "Scheduled" : "Started");
        event.put("EventType", "Preempt");
        event.put("ResourceType", "VirtualMachine");
        event.putArray("Resources").add(node.id().value());
        // Code in the node judges it by its own clock, which is real.
        double speed = clock.mode().speed() == 0 ? 1 : clock.mode().speed();
        long millis = (long) (Duration.between(now, eviction.due()).toMillis() / speed);
        Instant real = InstantSource.system().instant().plusMillis(Math.min(millis, FARTHEST.toMillis()));
        event.put("NotBefore", DateTimeFormatter.RFC_1123_DATE_TIME.format(real.atOffset(ZoneOffset.UTC)));
        event.put("Description", "The node is evicted.");
        event.put("EventSource", "Platform");
        event.put("DurationInSeconds", -1);
        return event;
    }

    private static ResponseEntity<ObjectNode> refused(String why) {
        return ResponseEntity.badRequest()
                .body(Json.object().put("error", "invalid_request").put("error_description", why));
    }
}
