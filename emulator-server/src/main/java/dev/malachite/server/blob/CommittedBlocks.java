package dev.malachite.server.blob;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Of which blocks a blob was made, so that a later list can take some of them over. A list is a file of lines, a block
 * each; the blob's sidecar names it, and only while the content is the one that it speaks of.
 */
@Component
class CommittedBlocks {

    private final Path root;

    CommittedBlocks(DataFolder data) {
        this.root = data.folder("blob-lists");
    }

    List<Block> read(BlobAddress blob, BlobProperties properties) throws IOException {
        Optional<String> list = properties.fact(BlobProperties.Fact.BLOCKS);
        if (list.isEmpty()) {
            return List.of();
        }
        try {
            return Files.readAllLines(file(blob, list.get())).stream()
                    .map(line -> line.split(" ", 2))
                    .map(line -> new Block(line[1], Long.parseLong(line[0])))
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** Keeps a list, and says by what name the sidecar shall call it. */
    String write(BlobAddress blob, List<Block> blocks) throws IOException {
        String name = UUID.randomUUID().toString();
        Path file = file(blob, name);
        Files.createDirectories(file.getParent());
        Files.write(
                file,
                blocks.stream().map(block -> block.size() + " " + block.id()).toList());
        return name;
    }

    void drop(BlobAddress blob, BlobProperties properties) throws IOException {
        Optional<String> list = properties.fact(BlobProperties.Fact.BLOCKS);
        if (list.isPresent()) {
            Files.deleteIfExists(file(blob, list.get()));
        }
    }

    Path folder(String container) {
        return root.resolve(container);
    }

    private Path file(BlobAddress blob, String list) {
        return folder(blob.container()).resolve(list);
    }
}
