package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.model.BuildResponseItem;
import dev.malachite.server.runtime.LastLines;
import java.util.function.Consumer;

/** What the engine says while it builds: handed on, the last of it kept. */
final class BuildProgress extends EngineStream<BuildResponseItem> {

    private final Consumer<String> log;
    private final LastLines last = new LastLines();
    private volatile String error = "";

    BuildProgress(Consumer<String> log) {
        this.log = log;
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
            log.accept(line);
            last.add(line);
        }
    }
}
