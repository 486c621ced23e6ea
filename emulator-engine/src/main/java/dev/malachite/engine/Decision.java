package dev.malachite.engine;

import java.util.List;
import java.util.Set;

/**
 * What a command comes to.
 *
 * @param changes to be written, in order
 * @param events what to tell people
 * @param touched targets to be looked at again by {@link Reconciler}
 * @param state the state with the changes applied
 * @param reply for the one who asked, once the changes are on disk
 */
public record Decision<R>(List<Change> changes, List<Event> events, Set<TargetId> touched, State state, R reply) {}
