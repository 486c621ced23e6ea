package dev.malachite.server.demo;

import dev.malachite.server.start.Server;
import dev.malachite.server.start.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.util.FileSystemUtils;

/** {@code malachite demo}: an emulator that keeps nothing, one training on it, and the end of both. */
public final class DemoCommand {

    private static final Path TRAINING = Path.of("examples", "train");

    private DemoCommand() {}

    /** Exit code 0 when the training completed. */
    public static void main(Class<?> application, String... args) {
        boolean completed;
        try {
            completed = run(application, args);
        } catch (UserError | IOException e) {
            System.err.println("malachite: " + e.getMessage());
            completed = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            completed = false;
        }
        System.exit(completed ? 0 : 1);
    }

    private static boolean run(Class<?> application, String... args) throws IOException, InterruptedException {
        if (!Files.isRegularFile(TRAINING.resolve("train.py"))) {
            throw new UserError("there is no %s here; run the demo from the project's root".formatted(TRAINING));
        }
        // Ports of its own and nothing kept, so that it disturbs no emulator that runs.
        Path data = Files.createTempDirectory("malachite-demo");
        List<String> options =
                new ArrayList<>(List.of("--in-memory", "--https-port=0", "--http-port=0", "--data=" + data));
        options.addAll(List.of(args));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> FileSystemUtils.deleteRecursively(data.toFile())));
        try (Server.Running server = Server.open(application, options.toArray(String[]::new))) {
            System.out.printf("          Malachite runs at %s/ for as long as this lasts%n", server.http());
            return Demo.run(server.https(), server.http(), server.settings().subscription(), TRAINING);
        }
    }
}
