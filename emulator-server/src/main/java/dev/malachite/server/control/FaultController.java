package dev.malachite.server.control;

import dev.malachite.engine.Command;
import dev.malachite.engine.Fault;
import dev.malachite.engine.FaultId;
import dev.malachite.server.fault.FaultJson;
import dev.malachite.server.loop.Commands;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
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

    private final ControlLoop loop;
    private final Commands commands;
    private final FaultWishes wishes;

    FaultController(ControlLoop loop, Commands commands, FaultWishes wishes) {
        this.loop = loop;
        this.commands = commands;
        this.wishes = wishes;
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
        Fault fault = commands.execute(wishes.read(body));
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
        fault.begins().ifPresent(at -> json.put("beginsAt", at.toString()));
        fault.ends().ifPresent(at -> json.put("endsAt", at.toString()));
        fault.timesLeft().ifPresent(left -> json.put("times", left));
        return json;
    }
}
