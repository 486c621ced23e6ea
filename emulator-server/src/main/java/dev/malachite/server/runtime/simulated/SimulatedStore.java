package dev.malachite.server.runtime.simulated;

import dev.malachite.engine.NodeId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Remembers simulated nodes, so that they outlive the emulator as containers would: a file to which a line is added for
 * each change, and which is written anew when most of it is old.
 */
final class SimulatedStore implements AutoCloseable {

    private static final String WAITS = "waits";
    private static final String GONE = "gone";
    private static final int OLD_LINES = 10_000;

    private final Path file;
    private final Map<NodeId, Node> nodes = new LinkedHashMap<>();
    private @Nullable FileChannel open;
    private int lines;
    private long length;

    /** Reads what an earlier one has left. */
    SimulatedStore(Path folder) throws IOException {
        this.file = folder.resolve("nodes");
        if (Files.exists(file)) {
            // A line that a crash has cut off has no end.
            String text = Files.readString(file, StandardCharsets.UTF_8);
            text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(this::take);
            rewrite();
        }
    }

    /** A node and, once its job has started, how that ends. */
    record Node(NodeId id, int generation, Optional<Ending> ending) {}

    /** When and how a job ends, unless it is stopped. */
    record Ending(Instant at, int exitCode, boolean ignoresTerm) {}

    synchronized void put(Node node) throws IOException {
        append(line(node));
        nodes.put(node.id(), node);
    }

    synchronized void remove(NodeId id) throws IOException {
        if (nodes.containsKey(id)) {
            append(id + " " + GONE + "\n");
            nodes.remove(id);
        }
    }

    synchronized Collection<Node> all() {
        return List.copyOf(nodes.values());
    }

    @Override
    public synchronized void close() throws IOException {
        if (open != null) {
            open.close();
            open = null;
        }
    }

    private void append(String line) throws IOException {
        if (lines > OLD_LINES + 2 * nodes.size()) {
            rewrite();
        }
        if (open == null) {
            Files.createDirectories(file.getParent());
            open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            length = open.size();
        }
        try {
            length += write(open, line);
        } catch (IOException e) {
            open.truncate(length); // half a line would spoil the next one
            throw e;
        }
        lines++;
    }

    private void rewrite() throws IOException {
        close();
        StringBuilder text = new StringBuilder();
        nodes.values().forEach(node -> text.append(line(node)));
        Path beside = file.resolveSibling(".nodes");
        Files.writeString(beside, text, StandardCharsets.UTF_8);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        lines = nodes.size();
    }

    /** How many bytes that were. */
    private static int write(FileChannel to, String line) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(line);
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
        return bytes.limit();
    }

    private static String line(Node node) {
        String ending = node.ending()
                .map(end -> end.at() + " " + end.exitCode() + " " + end.ignoresTerm())
                .orElse(WAITS);
        return node.id() + " " + node.generation() + " " + ending + "\n";
    }

    private void take(String line) {
        String[] words = line.split(" ", -1);
        NodeId id = new NodeId(words[0]);
        if (words[1].equals(GONE)) {
            nodes.remove(id);
            return;
        }
        Optional<Ending> ending = words[2].equals(WAITS)
                ? Optional.empty()
                : Optional.of(new Ending(
                        Instant.parse(words[2]), Integer.parseInt(words[3]), Boolean.parseBoolean(words[4])));
        nodes.put(id, new Node(id, Integer.parseInt(words[1]), ending));
    }
}
