package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.model.Event;
import dev.malachite.engine.NodeId;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears which of our containers have ended, from one stream of events. Streams drop, so each connection begins with a look
 * at everything, and there is one every minute besides.
 */
final class EventWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventWatch.class);
    private static final long RESYNC_SECONDS = 60;
    private static final long RECONNECT_SECONDS = 1;

    private final Engine engine;
    private final Labels labels;
    private final Listener listener;
    private volatile boolean closed;
    private volatile @Nullable String problem;
    private @Nullable Thread thread;

    EventWatch(Engine engine, Labels labels, Listener listener) {
        this.engine = engine;
        this.labels = labels;
        this.listener = listener;
    }

    /** What is heard. */
    interface Listener {

        /** That node's container has ended or is gone. */
        void died(NodeId node, int generation);

        /** Events may have been missed. */
        void lookAtEverything() throws IOException;

        /** The engine was away: nothing that was known of it need be true any more. */
        void reconnected();
    }

    void begin() {
        thread = Thread.ofPlatform().daemon().name("docker-events").start(this::run);
    }

    /** Why nothing is heard at the moment. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    @Override
    public void close() {
        closed = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void run() {
        while (!closed) {
            try {
                listen();
            } catch (InterruptedException e) {
                return;
            } catch (IOException | RuntimeException e) {
                if (problem == null) {
                    LOG.warn("The Docker engine does not answer: {}", e.getMessage());
                }
                problem = "The Docker engine does not answer: " + e.getMessage();
            }
            try {
                TimeUnit.SECONDS.sleep(RECONNECT_SECONDS);
            } catch (InterruptedException e) {
                return;
            }
            listener.reconnected();
        }
    }

    /** Until the connection ends. */
    private void listen() throws IOException, InterruptedException {
        try (Stream stream = new Stream()) {
            engine.streams()
                    .eventsCmd()
                    .withEventTypeFilter("container")
                    .withEventFilter("die", "destroy")
                    .withLabelFilter(labels.instanceOnly())
                    .exec(stream);
            do {
                listener.lookAtEverything();
                problem = null;
            } while (!stream.await(RESYNC_SECONDS, TimeUnit.SECONDS));
        }
    }

    /** One connection. */
    private final class Stream extends EngineStream<Event> {

        @Override
        public void onNext(Event event) {
            Map<String, String> attributes =
                    event.getActor() == null ? null : event.getActor().getAttributes();
            if (attributes == null || !attributes.containsKey(Labels.NODE)) {
                return;
            }
            String generation = attributes.getOrDefault(Labels.GENERATION, "");
            if (generation.matches("\\d{1,9}")) {
                listener.died(new NodeId(String.valueOf(attributes.get(Labels.NODE))), Integer.parseInt(generation));
            }
        }
    }
}
