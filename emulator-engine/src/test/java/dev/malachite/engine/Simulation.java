package dev.malachite.engine;

import java.util.List;
import java.util.Random;

/**
 * A long rehearsal by chance: one seed, one history. Each seed leaves some kinds of things out, so that those that it has
 * meet each other often.
 */
final class Simulation {

    private static final int STEPS = 2_500;

    private final Random random;
    private final List<Step.Kind> urn;

    Simulation(long seed) {
        random = new Random(seed);
        urn = Step.Kind.urn(kind -> !kind.optional() || random.nextBoolean());
    }

    /** Runs it to its end; returns the state that it rests in, as one finds it who starts then. */
    State run() {
        Rehearsal rehearsal = new Rehearsal();
        for (int step = 0; step < STEPS; step++) {
            new Step(urn.get(random.nextInt(urn.size())), random.nextInt(10_000), random.nextInt(10_000)).on(rehearsal);
        }
        Liveness.check(rehearsal);
        return rehearsal.found();
    }
}
