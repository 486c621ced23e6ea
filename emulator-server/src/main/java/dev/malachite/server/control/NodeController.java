package dev.malachite.server.control;

import dev.malachite.engine.Command;
import dev.malachite.engine.JobId;
import dev.malachite.engine.Node;
import dev.malachite.engine.NodeId;
import dev.malachite.server.Settings;
import dev.malachite.server.loop.Clockwork;
import dev.malachite.server.loop.Commands;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Fields;
import dev.malachite.server.web.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** Takes nodes away, breaks them and repairs them. */
@RestController
@RequestMapping("/_emulator/nodes/{id}")
class NodeController {

    private static final Duration LONGEST_NOTICE = Duration.ofDays(1);

    private final Commands commands;
    private final Settings settings;

    NodeController(Commands commands, Settings settings) {
        this.commands = commands;
        this.settings = settings;
    }

    /** Body, all optional: {@code {"at": time, "notice": "PT30S", "retry": true}}; with none, now and without notice. */
    @PostMapping("/evict")
    ResponseEntity<ObjectNode> evict(@PathVariable String id, @Body ObjectNode body) {
        Fields fields = new Fields(body);
        Command.EvictNode wish = new Command.EvictNode(
                new NodeId(id),
                fields.text("at").map(text -> time(fields, text)),
                fields.duration("notice", Duration.ZERO, LONGEST_NOTICE).orElse(Duration.ZERO),
                fields.flag("retry").orElse(settings.requeues()));
        fields.refuseOthers();
        return accepted(commands.execute(wish));
    }

    @PostMapping("/unusable")
    ResponseEntity<ObjectNode> unusable(@PathVariable String id, @Body ObjectNode body) {
        // The service's own words for it (azure-docs#85756).
        Fields fields = new Fields(body);
        String message = fields.text("message").orElse("The node encountered an unusable state.");
        fields.refuseOthers();
        return accepted(commands.execute(new Command.BreakNode(new NodeId(id), message)));
    }

    @PostMapping("/repair")
    ResponseEntity<ObjectNode> repair(@PathVariable String id) {
        return accepted(commands.execute(new Command.RepairNode(new NodeId(id))));
    }

    private static ResponseEntity<ObjectNode> accepted(Node node) {
        ObjectNode json = Json.object()
                .put("id", node.id().value())
                .put("state", node.phase().name().toLowerCase(Locale.ROOT))
                .put("job", node.job().map(JobId::run).orElse(null));
        node.eviction()
                .ifPresent(coming -> json.put("noticeAt", coming.noticed().toString())
                        .put("evictedAt", coming.due().toString()));
        return ResponseEntity.accepted().body(json);
    }

    private static Instant time(Fields fields, String text) {
        try {
            Instant at = Instant.parse(text);
            if (at.isBefore(Clockwork.last().minus(LONGEST_NOTICE))) {
                return at;
            }
        } catch (DateTimeParseException e) {
            // falls through to the one message
        }
        throw fields.wrong("at", "a time such as '2026-01-01T00:00:00Z' is expected.");
    }
}
