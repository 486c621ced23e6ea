package dev.malachite.server.control;

import dev.malachite.engine.Command;
import dev.malachite.engine.Fault;
import dev.malachite.engine.FaultId;
import dev.malachite.engine.TargetId;
import dev.malachite.server.Settings;
import dev.malachite.server.fault.FaultJson;
import dev.malachite.server.web.Fields;
import dev.malachite.server.web.Json;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Turns a body into the wish for a fault, after everything that can be wrong with it has been looked at. */
@Component
public class FaultWishes {

    private static final int MOST_TIMES = 1_000_000;
    private static final Duration LONGEST = Duration.ofDays(3650);

    /** Characters of an effect as it is stored, where some take six. */
    private static final int MOST_STORED = 10_000;

    private final TargetNames targets;
    private final Settings settings;

    FaultWishes(TargetNames targets, Settings settings) {
        this.targets = targets;
        this.settings = settings;
    }

    /** Refuses properties that the kind does not know: a misspelled target would have every one struck. */
    public Command.AddFault read(ObjectNode body) {
        Fields fields = new Fields(body);
        Fault.Effect effect = FaultJson.read(fields, settings.requeues());
        Optional<TargetId> target = targets.find(fields);
        Optional<Integer> times = fields.whole("times", 1, MOST_TIMES).map(Long::intValue);
        FaultJson.check(effect, target, times);
        if (Json.text(FaultJson.write(effect)).length() > MOST_STORED) {
            throw fields.wrong("message", "fewer characters that are no letters are expected.");
        }
        Command.AddFault wish = new Command.AddFault(
                new FaultId(UUID.randomUUID().toString()),
                target,
                times,
                fields.duration("begins", Duration.ZERO, LONGEST),
                fields.duration("lasts", Duration.ofMillis(1), LONGEST),
                effect);
        // A scenario gives its seed to each of its faults.
        fields.refuseOthers("workspace", "seed");
        return wish;
    }
}
