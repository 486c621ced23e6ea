package dev.malachite.server.control;

import dev.malachite.engine.Command;
import dev.malachite.engine.Fault;
import dev.malachite.engine.FaultId;
import dev.malachite.engine.TargetId;
import dev.malachite.server.fault.FaultJson;
import dev.malachite.server.loop.Commands;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Fields;
import dev.malachite.server.web.Json;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Failures on demand: asked for, listed, undone. */
@RestController
@RequestMapping("/_emulator/faults")
class FaultController {

    private static final int MOST_TIMES = 1_000_000;

    private final ControlLoop loop;
    private final Commands commands;
    private final TargetNames targets;

    FaultController(ControlLoop loop, Commands commands, TargetNames targets) {
        this.loop = loop;
        this.commands = commands;
        this.targets = targets;
    }

    @GetMapping
    ObjectNode list() {
        ObjectNode page = Json.object();
        ArrayNode value = page.putArray("value");
        loop.state().faults().forEach(fault -> value.add(json(fault)));
        return page;
    }

    @PostMapping
    ResponseEntity<ObjectNode> add(@Body ObjectNode body) {
        Fields fields = new Fields(body);
        Fault.Effect effect = FaultJson.read(body);
        Optional<TargetId> target = targets.find(fields);
        Optional<Integer> times = fields.whole("times", 1, MOST_TIMES).map(Long::intValue);
        FaultJson.check(effect, target, times);
        Fault fault = commands.execute(
                new Command.AddFault(new FaultId(UUID.randomUUID().toString()), target, times, effect));
        return ResponseEntity.status(201).body(json(fault));
    }

    @DeleteMapping("/{id}")
    ResponseEntity<Void> remove(@PathVariable String id) {
        commands.execute(new Command.RemoveFault(new FaultId(id)));
        return ResponseEntity.noContent().build();
    }

    @DeleteMapping
    ResponseEntity<Void> clear() {
        commands.execute(new Command.ClearFaults());
        return ResponseEntity.noContent().build();
    }

    private static ObjectNode json(Fault fault) {
        ObjectNode json = FaultJson.write(fault.effect());
        json.put("id", fault.id().value());
        fault.target()
                .ifPresent(target -> json.put("target", target.name())
                        .put("workspace", target.workspace().value()));
        fault.timesLeft().ifPresent(left -> json.put("times", left));
        return json;
    }
}
