package dev.malachite.engine;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;

/** Short histories by chance, which shrink to the few steps that matter when one of them breaks a rule. */
class EnginePropertiesTest {

    @Property
    void nothingBadEverHappens(@ForAll("histories") List<Step> history) {
        Rehearsal rehearsal = new Rehearsal();
        history.forEach(step -> step.on(rehearsal));
    }

    @Property
    void somethingGoodHappensInTheEnd(@ForAll("histories") List<Step> history) {
        Rehearsal rehearsal = new Rehearsal();
        history.forEach(step -> step.on(rehearsal));
        Liveness.check(rehearsal);
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        return steps().list().ofMinSize(1).ofMaxSize(400).withSizeDistribution(RandomDistribution.uniform());
    }

    private static Arbitrary<Step> steps() {
        Arbitrary<Integer> numbers = Arbitraries.integers().between(0, 200);
        return Combinators.combine(Arbitraries.of(Step.Kind.urn(kind -> true)), numbers, numbers)
                .as(Step::new);
    }
}
