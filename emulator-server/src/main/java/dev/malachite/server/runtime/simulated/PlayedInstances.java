package dev.malachite.server.runtime.simulated;

import dev.malachite.engine.MachineAccess;
import dev.malachite.engine.TargetId;
import dev.malachite.server.runtime.InstanceRuntime;
import dev.malachite.server.runtime.InstanceSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plays the machines of compute instances: they are always well, nobody can enter them, and a start of the emulator finds
 * them down. A setup script that has a line {@code exit N} ends with that.
 */
final class PlayedInstances implements InstanceRuntime {

    private static final Pattern EXIT = Pattern.compile("(?m)^\\s*exit\\s+(\\d{1,3})\\s*$");

    /** Which there are, and whether they run. */
    private final Map<TargetId, Boolean> machines = new ConcurrentHashMap<>();

    @Override
    public MachineAccess start(InstanceSpec instance) {
        machines.put(instance.id(), true);
        return MachineAccess.NONE;
    }

    @Override
    public int runScript(TargetId instance, int order, SetupScript script, Path log) throws IOException {
        if (!machines.getOrDefault(instance, false)) {
            throw new IOException("The machine does not run.");
        }
        Files.writeString(
                log,
                "Simulated: %s.%n".formatted(script.name()),
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        Matcher exit = EXIT.matcher(new String(script.content(), StandardCharsets.UTF_8));
        return exit.find() ? Integer.parseInt(exit.group(1)) : 0;
    }

    @Override
    public void stop(TargetId instance, Duration grace) {
        machines.replace(instance, false);
    }

    @Override
    public void remove(TargetId instance) {
        machines.remove(instance);
    }

    @Override
    public Optional<Notebooks> notebooks(TargetId instance) {
        return Optional.empty();
    }

    @Override
    public Optional<Instant> lastActivity(TargetId instance) {
        return Optional.empty();
    }

    @Override
    public List<Found> listInstances() {
        return machines.entrySet().stream()
                .map(machine -> new Found(machine.getKey(), machine.getValue()))
                .toList();
    }
}
