package dev.malachite.server.event;

import dev.malachite.engine.Command;
import dev.malachite.engine.Event;
import dev.malachite.engine.State;
import dev.malachite.engine.TargetId;
import java.time.Instant;
import java.util.List;

/**
 * What the engine was told in one batch, and what happened.
 *
 * @param at the time of all of it
 * @param commands in the order in which they were decided, refused ones too
 * @param reconciled the targets that were looked at afterwards, in order: those that changed, and those whose time had come
 * @param before the state on which it was decided
 */
public record Told(
        Instant at, List<Command<?>> commands, List<TargetId> reconciled, List<Event> events, State before) {}
