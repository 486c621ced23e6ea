package dev.malachite.server.runtime.simulated;

import dev.malachite.engine.NodeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Remembers simulated nodes as small files, so that they outlive the emulator as containers would. */
final class SimulatedStore {

    private static final String WAITS = "waits";

    private final Path folder;

    SimulatedStore(Path folder) {
        this.folder = folder;
    }

    /** A node and, once its job has started, how that ends. */
    record Node(NodeId id, int generation, Optional<Ending> ending) {}

    /** When and how a job ends, unless it is stopped. */
    record Ending(Instant at, int exitCode, boolean ignoresTerm) {}

    Optional<Node> find(NodeId id) throws IOException {
        try {
            return Optional.of(parse(id, Files.readString(file(id), StandardCharsets.UTF_8)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    void put(Node node) throws IOException {
        Files.createDirectories(folder);
        String ending = node.ending()
                .map(end -> end.at() + " " + end.exitCode() + " " + end.ignoresTerm())
                .orElse(WAITS);
        Path beside = folder.resolve("." + node.id());
        Files.writeString(beside, node.generation() + " " + ending, StandardCharsets.UTF_8);
        Files.move(beside, file(node.id()), StandardCopyOption.ATOMIC_MOVE);
    }

    void remove(NodeId id) throws IOException {
        Files.deleteIfExists(file(id));
    }

    List<Node> all() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Node> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.getFileName().toString();
                if (!name.startsWith(".")) {
                    find(new NodeId(name)).ifPresent(all::add);
                }
            }
        }
        return all;
    }

    private Path file(NodeId id) {
        return folder.resolve(id.value());
    }

    private static Node parse(NodeId id, String text) {
        String[] words = text.split(" ", -1);
        Optional<Ending> ending = words[1].equals(WAITS)
                ? Optional.empty()
                : Optional.of(new Ending(
                        Instant.parse(words[1]), Integer.parseInt(words[2]), Boolean.parseBoolean(words[3])));
        return new Node(id, Integer.parseInt(words[0]), ending);
    }
}
