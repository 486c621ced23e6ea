package dev.malachite.server.runtime.docker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/** The random name of an emulator's data folder, by which what it made on an engine is told from everybody else's. */
final class InstanceId {

    private static final String FILE = "instance-id";

    private InstanceId() {}

    static Labels labels(Path data, boolean inMemory) throws IOException {
        return new Labels(of(data), inMemory ? Optional.of(Leftovers.self()) : Optional.empty());
    }

    static String of(Path data) throws IOException {
        Path file = data.resolve(FILE);
        if (Files.exists(file)) {
            String id = Files.readString(file, StandardCharsets.US_ASCII).strip();
            if (id.matches("[0-9a-f]{8,32}")) {
                return id;
            }
        }
        byte[] random = new byte[5];
        new SecureRandom().nextBytes(random);
        String id = HexFormat.of().formatHex(random);
        Files.createDirectories(data);
        Path beside = data.resolve(FILE + ".new");
        Files.writeString(beside, id + "\n", StandardCharsets.US_ASCII);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        return id;
    }
}
