package dev.malachite.server.runtime.process;

import dev.malachite.server.runtime.FreePorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Ports of this machine for jobs whose nodes talk to each other: jobs share the machine, so that each has its own. They are
 * noted in the folder of the job's first node, for an emulator that starts while the job runs.
 */
final class LoopbackPorts {

    static final String HOST = "127.0.0.1";

    /** Below those that the system gives away by itself, so that none is taken before the job listens on it. */
    private static final int FIRST = 20_000;

    private static final int COUNT = 10_000;
    private static final String NOTE = "ports";

    private final Map<Path, List<Integer>> given = new HashMap<>();
    private int next;

    /** Another emulator begins elsewhere, as far as chance allows. */
    LoopbackPorts() {
        next = Math.floorMod(
                System.identityHashCode(this) * 31
                        + (int) ProcessHandle.current().pid(),
                COUNT);
    }

    synchronized List<Integer> of(NodeFolder first, int count) throws IOException {
        List<Integer> known = noted(first);
        if (known.size() == count) {
            given.put(first.root(), known);
            return known;
        }
        List<Integer> ports = new ArrayList<>();
        for (int tried = 0; ports.size() < count; tried++) {
            if (tried == COUNT) {
                throw new IOException("No port from %d to %d is free for the job's processes to meet"
                        .formatted(FIRST, FIRST + COUNT - 1));
            }
            int port = FIRST + next;
            next = (next + 1) % COUNT;
            if (given.values().stream().noneMatch(others -> others.contains(port)) && FreePorts.free(port)) {
                ports.add(port);
            }
        }
        note(first, ports);
        given.put(first.root(), ports);
        return ports;
    }

    synchronized void release(NodeFolder first) {
        given.remove(first.root());
    }

    private static List<Integer> noted(NodeFolder first) throws IOException {
        Path note = first.state().resolve(NOTE);
        if (!Files.exists(note)) {
            return List.of();
        }
        return Arrays.stream(Files.readString(note, StandardCharsets.US_ASCII).split(" ", -1))
                .map(Integer::valueOf)
                .toList();
    }

    private static void note(NodeFolder first, List<Integer> ports) throws IOException {
        Path beside = first.state().resolve(NOTE + ".new");
        Files.writeString(
                beside,
                ports.stream().map(String::valueOf).collect(Collectors.joining(" ")),
                StandardCharsets.US_ASCII);
        Files.move(beside, first.state().resolve(NOTE), StandardCopyOption.ATOMIC_MOVE);
    }
}
