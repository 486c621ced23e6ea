package dev.malachite.server.runtime.ssh;

import dev.malachite.engine.NodeId;
import dev.malachite.engine.TargetId;
import dev.malachite.engine.WorkspaceId;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.stream.Stream;

/** Keeps what is noted of nodes over restarts: a file for each generation. */
final class SshNodes {

    private final Path folder;

    SshNodes(Path folder) {
        this.folder = folder;
    }

    Optional<SshNode> find(NodeId id, int generation) throws IOException {
        return read(id, file(id, generation));
    }

    /** All generations of a node, the newest last. */
    List<SshNode> of(NodeId id) throws IOException {
        List<SshNode> nodes = new ArrayList<>();
        for (Path file : children(folder(id))) {
            read(id, file).ifPresent(nodes::add);
        }
        nodes.sort(Comparator.comparingInt(SshNode::generation));
        return nodes;
    }

    List<NodeId> ids() throws IOException {
        return children(folder).stream()
                .map(path -> new NodeId(path.getFileName().toString()))
                .toList();
    }

    synchronized void put(SshNode node) throws IOException {
        Properties text = new Properties();
        text.setProperty("workspace", node.target().workspace().value());
        text.setProperty("target", node.target().name());
        text.setProperty("folder", node.folder());
        text.setProperty("port", Integer.toString(node.port()));
        text.setProperty("begun", Boolean.toString(node.begun()));
        node.exit().ifPresent(code -> text.setProperty("exit", Integer.toString(code)));
        StringWriter writer = new StringWriter();
        text.store(writer, null);
        Path file = file(node.id(), node.generation());
        Files.createDirectories(folder(node.id()));
        Path beside = folder.resolveSibling("." + node.id() + "." + node.generation());
        Files.writeString(beside, writer.toString(), StandardCharsets.UTF_8);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Notes the end, unless the node has gone meanwhile. */
    synchronized void ended(SshNode node, int code) throws IOException {
        Optional<SshNode> there = find(node.id(), node.generation());
        if (there.isPresent()) {
            put(there.get().ended(code));
        }
    }

    synchronized void remove(SshNode node) throws IOException {
        Files.deleteIfExists(file(node.id(), node.generation()));
        Path folderOfNode = folder(node.id());
        if (children(folderOfNode).isEmpty()) {
            Files.deleteIfExists(folderOfNode);
        }
    }

    private Path folder(NodeId id) {
        return folder.resolve(id.value());
    }

    private Path file(NodeId id, int generation) {
        return folder(id).resolve(Integer.toString(generation));
    }

    private static Optional<SshNode> read(NodeId id, Path file) throws IOException {
        Properties text = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            text.load(in);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        String exit = text.getProperty("exit", "");
        return Optional.of(new SshNode(
                id,
                new TargetId(new WorkspaceId(text.getProperty("workspace", "")), text.getProperty("target", "")),
                Integer.parseInt(file.getFileName().toString()),
                text.getProperty("folder", ""),
                Integer.parseInt(text.getProperty("port", "0")),
                Boolean.parseBoolean(text.getProperty("begun", "false")),
                exit.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(exit))));
    }

    private static List<Path> children(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        }
    }
}
