package dev.malachite.server.loop;

import dev.malachite.engine.RuntimeKind;
import dev.malachite.server.fault.OutsideFault;
import dev.malachite.server.fault.OutsideFaults;
import dev.malachite.server.runtime.RuntimeAway;
import java.util.Locale;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The faults that strike between the loop and the runtimes. */
@Component
class RuntimeFaults {

    private final ControlLoop loop;
    private final Commands commands;
    private final OutsideFaults faults;

    RuntimeFaults(ControlLoop loop, Commands commands, OutsideFaults faults) {
        this.loop = loop;
        this.commands = commands;
        this.faults = faults;
    }

    /** Why an image of that name cannot be had, if it is to be so; counted. */
    Optional<String> image(String name) {
        for (var active : faults.of(loop.state(), OutsideFault.ImageFailure.class)) {
            if (active.fault().image().matches(name) && commands.mayStrike(active.record())) {
                return Optional.of(active.fault().message());
            }
        }
        return Optional.empty();
    }

    /** Throws for as long as the runtime is to be away. */
    void requireThere(RuntimeKind kind) throws RuntimeAway {
        boolean away = faults.of(loop.state(), OutsideFault.EngineAway.class).stream()
                .anyMatch(active ->
                        active.fault().runtime().filter(named -> named != kind).isEmpty());
        if (away) {
            throw new PlayedAway(kind);
        }
    }

    private static final class PlayedAway extends RuntimeAway {

        PlayedAway(RuntimeKind kind) {
            super(
                    "the %s runtime does not answer, because a fault of kind 'engineAway' was asked for"
                            .formatted(kind.name().toLowerCase(Locale.ROOT)),
                    null);
        }
    }
}
