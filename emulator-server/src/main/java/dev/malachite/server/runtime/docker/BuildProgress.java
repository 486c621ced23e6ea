package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.model.BuildResponseItem;
import dev.malachite.server.runtime.LastLines;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the engine says while it builds: handed on, the last of it kept, and the containers of its steps told of. */
final class BuildProgress extends EngineStream<BuildResponseItem> {

    /** What the engine's builder says between making a step's container and starting it. */
    private static final Pattern STEP = Pattern.compile("^ ---> Running in ([0-9a-f]{12,64})$");

    private final Consumer<String> log;
    private final Consumer<String> steps;
    private final LastLines last = new LastLines();
    private volatile String error = "";

    /** @param steps takes the id of each step's container */
    BuildProgress(Consumer<String> log, Consumer<String> steps) {
        this.log = log;
        this.steps = steps;
    }

    /** Why the build failed; empty while it has not. */
    String error() {
        return error;
    }

    String lastLines() {
        return last.text();
    }

    @Override
    public void onNext(BuildResponseItem item) {
        if (item.getErrorDetail() != null && item.getErrorDetail().getMessage() != null) {
            error = item.getErrorDetail().getMessage();
        } else if (item.getStream() != null && !item.getStream().isBlank()) {
            String line = item.getStream().stripTrailing();
            Matcher step = STEP.matcher(line);
            if (step.matches()) {
                steps.accept(step.group(1));
            }
            log.accept(line);
            last.add(line);
        }
    }
}
