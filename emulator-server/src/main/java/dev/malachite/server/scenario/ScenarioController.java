package dev.malachite.server.scenario;

import dev.malachite.api.AzureError;
import dev.malachite.engine.Command;
import dev.malachite.server.ClockMode;
import dev.malachite.server.control.ClockModes;
import dev.malachite.server.control.FaultWishes;
import dev.malachite.server.scenario.Scenarios.Played;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Fields;
import dev.malachite.server.web.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Begins a scenario and says how it goes. */
@RestController
@RequestMapping("/_emulator/scenario")
class ScenarioController {

    private static final int MOST_FAULTS = 100;
    private static final int LONGEST_WAIT_SECONDS = 3600;

    private final Scenarios scenarios;
    private final FaultWishes wishes;

    ScenarioController(Scenarios scenarios, FaultWishes wishes) {
        this.scenarios = scenarios;
        this.wishes = wishes;
    }

    /** Body: {@code {"seed"?, "clock"?, "faults"?, "expect"?}}; nothing is begun when something in it is wrong. */
    @PostMapping
    ResponseEntity<ObjectNode> begin(@Body ObjectNode body) {
        Fields fields = new Fields(body);
        long seed = fields.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE).orElse(0L);
        Fields clock = fields.object("clock");
        Optional<ClockMode> mode = clock.body().isEmpty() ? Optional.empty() : Optional.of(ClockModes.read(clock));
        Expectation expectation = Expectation.read(fields.object("expect"));
        List<Command.AddFault> faults = faults(fields, seed);
        fields.refuseOthers();
        return ResponseEntity.status(201).body(json(scenarios.begin(mode, faults, expectation)));
    }

    /**
     * How it stands.
     *
     * @param wait whole seconds of real time to wait for its end; 0 for an answer at once
     */
    @GetMapping
    ObjectNode get(@RequestParam(defaultValue = "0") int wait) throws InterruptedException {
        if (wait < 0 || wait > LONGEST_WAIT_SECONDS) {
            throw new Fields(Json.object())
                    .wrong("wait", "0 to %d seconds are expected.".formatted(LONGEST_WAIT_SECONDS));
        }
        Played played = require();
        played.await(Duration.ofSeconds(wait));
        return json(played);
    }

    @DeleteMapping
    ResponseEntity<Void> end() {
        require();
        scenarios.end();
        return ResponseEntity.noContent().build();
    }

    private Played require() {
        return scenarios
                .current()
                .orElseThrow(
                        () -> new AzureException(new AzureError(404, "NoScenario", "No scenario has been begun.")));
    }

    private List<Command.AddFault> faults(Fields fields, long seed) {
        List<Command.AddFault> planned = new ArrayList<>();
        for (ObjectNode fault : fields.objects("faults", MOST_FAULTS)) {
            ObjectNode seeded = fault.deepCopy();
            if (!seeded.has("seed")) {
                seeded.put("seed", seed);
            }
            planned.add(wishes.read(seeded));
        }
        return planned;
    }

    private static ObjectNode json(Played played) {
        List<String> differences = played.differences();
        ObjectNode json = Json.object()
                .put("begun", played.begun().toString())
                .put("over", played.over().isDone())
                .put("met", differences.isEmpty());
        ArrayNode lines = json.putArray("differences");
        differences.forEach(lines::add);
        ObjectNode runs = json.putObject("runs");
        played.ended().forEach(runs::put);
        json.put("evictions", played.evicted());
        return json;
    }
}
