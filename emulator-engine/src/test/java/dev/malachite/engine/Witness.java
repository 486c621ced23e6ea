package dev.malachite.engine;

import java.util.List;
import java.util.ServiceLoader;

/**
 * Is told of all that a scenario commits, and says what a start would find. The engine's own tests have none; those of
 * the server put its store here, so that the same scenarios go through real tables.
 */
public interface Witness {

    /** One batch has been committed, and {@code live} is the state since. */
    void committed(List<Change> changes, State live);

    /** The state that is found by one who starts now, after {@code last} was the last to be committed. */
    State found(State last);

    /** A fresh one, whose state is empty. */
    static Witness fresh() {
        return ServiceLoader.load(Witness.class).findFirst().orElseGet(Memory::new);
    }

    /** Nobody listens, and a committed state is kept as it is. */
    final class Memory implements Witness {

        @Override
        public void committed(List<Change> changes, State live) {}

        @Override
        public State found(State last) {
            return last;
        }
    }
}
