package dev.malachite.server.event;

import dev.malachite.engine.Change;
import dev.malachite.engine.Command;
import dev.malachite.engine.ComputeKind;
import dev.malachite.engine.Decision;
import dev.malachite.engine.Engine;
import dev.malachite.engine.Event;
import dev.malachite.engine.Reconciler;
import dev.malachite.engine.State;
import dev.malachite.engine.TargetId;
import dev.malachite.server.event.EventLog.Entry;
import dev.malachite.server.web.Json;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides once more what a log says the engine was told, and compares what happens with what the log says happened. Keeps
 * a state and the events of one batch, however long the log is.
 */
public final class Replay {

    /** More than the service gives to any cluster (service-facts.md, Limits). */
    private static final int MOST_NODES = 65_000;

    /** More than 1 000 clusters of the usual size have; lines that ask for more are meant to take all the memory there is. */
    private static final int MOST_NODES_IN_ALL = 200_000;

    /** That come of one batch. */
    private static final int MOST_EVENTS = 1_000_000;

    private final Engine engine = new Engine();
    private final Deque<ObjectNode> expected = new ArrayDeque<>();
    private @Nullable State state;
    private boolean begun;
    private long line;
    private long batches;
    private long commands;
    private long events;
    private Optional<Difference> difference = Optional.empty();

    /**
     * Where the log says something else than what is decided.
     *
     * @param line in the log, from 1
     * @param decided what happens now; empty when nothing does
     * @param logged what the log says; empty when it says nothing
     */
    public record Difference(long line, Optional<ObjectNode> decided, Optional<ObjectNode> logged) {}

    /** A log that cannot be read; the message is for the user. */
    public static final class Unreadable extends Exception {

        private static final long serialVersionUID = 1;

        Unreadable(long line, String why) {
            super("Line %d: %s".formatted(line, why));
        }
    }

    /** Takes the next line. After the first difference the rest does not matter. */
    public void take(String text) throws Unreadable {
        line++;
        if (text.isBlank() || difference.isPresent()) {
            return;
        }
        if (text.startsWith("{\"number\":")) {
            compare(event(text));
        } else {
            LogLine read = read(text);
            end();
            if (difference.isEmpty()) {
                apply(read);
            }
        }
    }

    /** After the last line. */
    public void end() {
        if (difference.isEmpty() && !expected.isEmpty()) {
            difference = Optional.of(new Difference(line, Optional.of(expected.removeFirst()), Optional.empty()));
        }
    }

    private void apply(LogLine read) throws Unreadable {
        if (read.state() != null) {
            begun = true;
            switch (read.state()) {
                case BEGINS -> state = State.empty();
                case UNKNOWN -> state = null;
                case GOES_ON -> {}
            }
        }
        if (!begun) {
            throw new Unreadable(line, "a log begins with the state at its beginning; export one to see.");
        }
        if (read.change() != null && state != null) {
            if (read.change() instanceof Change.TargetPut put
                    && !isSane(put.target().kind())) {
                throw new Unreadable(line, "no cluster has so many nodes.");
            }
            try {
                state = state.apply(read.change());
            } catch (RuntimeException e) {
                throw new Unreadable(line, "this change cannot be applied.");
            }
        }
        if (read.told() != null && state != null) {
            decide(read.told(), state);
        }
    }

    /** A few lines must not ask for all the memory there is. */
    private static boolean isSane(ComputeKind kind) {
        return switch (kind) {
            case ComputeKind.AmlCompute cluster -> cluster.scale().max() <= MOST_NODES;
            case ComputeKind.Serverless serverless -> serverless.nodes() <= MOST_NODES;
            case ComputeKind.Elsewhere _, ComputeKind.MadeMachine _ -> true;
            case ComputeKind.ComputeInstance instance -> instance.slots() <= MOST_NODES;
        };
    }

    private void decide(LogLine.Batch told, State before) throws Unreadable {
        batches++;
        State now = before;
        for (Command<?> command : told.commands()) {
            if ((command instanceof Command.PutTarget put && !isSane(put.kind()))
                    || (command instanceof Command.SubmitJob job
                            && job.compute()
                                    .filter(made -> !isSane(made.kind()))
                                    .isPresent())) {
                throw new Unreadable(line, "no cluster has so many nodes.");
            }
            commands++;
            now = decided(now, told.at(), from -> engine.decide(from, command, told.at()));
        }
        for (TargetId target : told.reconciled()) {
            now = decided(now, told.at(), from -> Reconciler.reconcile(from, target, told.at()));
            if (now.nodes().size() > MOST_NODES_IN_ALL || expected.size() > MOST_EVENTS) {
                throw new Unreadable(
                        line,
                        "no emulator has %d nodes at a time."
                                .formatted(now.nodes().size()));
            }
        }
        state = now;
    }

    /** What was refused has changed nothing; what the engine cannot make sense of neither, and so differs. */
    private State decided(State from, Instant at, Function<State, Decision<?>> deciding) {
        try {
            Decision<?> decision = deciding.apply(from);
            for (Event event : decision.events()) {
                expected.add(unnumbered(LoggedEvent.json(new Entry(0, at, event))));
            }
            return decision.state();
        } catch (RuntimeException e) {
            return from;
        }
    }

    private void compare(ObjectNode logged) {
        if (state == null) {
            return;
        }
        events++;
        ObjectNode decided = expected.poll();
        if (!logged.equals(decided)) {
            difference = Optional.of(new Difference(line, Optional.ofNullable(decided), Optional.of(logged)));
        }
    }

    private ObjectNode event(String text) throws Unreadable {
        try {
            return unnumbered(Json.parse(text));
        } catch (IllegalStateException e) {
            throw new Unreadable(line, "it is no event in JSON.");
        }
    }

    private static ObjectNode unnumbered(ObjectNode event) {
        event.remove("number");
        return event;
    }

    private LogLine read(String text) throws Unreadable {
        try {
            LogLine read = EngineJson.MAPPER.readValue(text, LogLine.class);
            if (read != null && (read.state() != null || read.change() != null || read.told() != null)) {
                return read;
            }
            throw new Unreadable(line, "it is no line of a log.");
        } catch (JacksonException e) {
            throw new Unreadable(line, e.getOriginalMessage());
        }
    }

    /** What has come of it so far: {@code batches}, {@code commands}, {@code events}, {@code same}, {@code difference}. */
    public ObjectNode json() {
        ObjectNode json = Json.object()
                .put("batches", batches)
                .put("commands", commands)
                .put("events", events)
                .put("same", difference.isEmpty());
        json.putNull("difference");
        difference.ifPresent(found -> {
            ObjectNode told = json.putObject("difference").put("line", found.line());
            told.set("decided", found.decided().orElse(null));
            told.set("logged", found.logged().orElse(null));
        });
        return json;
    }
}
