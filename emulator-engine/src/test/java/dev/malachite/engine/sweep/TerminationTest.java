package dev.malachite.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What the service's documentation of early termination says, and its examples. */
class TerminationTest {

    private static final Termination.Pace ALWAYS = new Termination.Pace(1, 0);

    @Test
    void banditEndsWhatIsBelowNineTenthsOfTheBest() {
        Termination policy = new Termination.Bandit(ALWAYS, 0.1, 0);
        List<Double> best = List.of(0.88);

        assertThat(ends(policy, Goal.MAXIMIZE, List.of(0.79), best)).isTrue();
        assertThat(ends(policy, Goal.MAXIMIZE, List.of(0.81), best)).isFalse();
        assertThat(ends(policy, Goal.MAXIMIZE, best, List.of(0.1))).isFalse();
    }

    @Test
    void banditTakesAnAmountToo() {
        Termination policy = new Termination.Bandit(ALWAYS, 0, 0.2);

        assertThat(ends(policy, Goal.MAXIMIZE, List.of(0.59), List.of(0.8))).isTrue();
        assertThat(ends(policy, Goal.MINIMIZE, List.of(0.99), List.of(0.8))).isFalse();
        assertThat(ends(policy, Goal.MINIMIZE, List.of(1.01), List.of(0.8))).isTrue();
    }

    @Test
    void banditNeverEndsTheBestWhateverItsSign() {
        Termination policy = new Termination.Bandit(ALWAYS, 0.5, 0);

        for (Goal goal : Goal.values()) {
            assertThat(ends(policy, goal, List.of(-2.0), List.of(-2.0))).isFalse();
            assertThat(ends(policy, goal, List.of(0.0), List.of(0.0))).isFalse();
        }
    }

    @Test
    void onlyWhatWasReportedUntilThenIsCompared() {
        Termination policy = new Termination.Bandit(ALWAYS, 0.1, 0);

        assertThat(ends(policy, Goal.MAXIMIZE, List.of(0.2), List.of(0.2, 0.9))).isFalse();
        assertThat(ends(policy, Goal.MAXIMIZE, List.of(0.2, 0.3), List.of(0.2, 0.9)))
                .isTrue();
    }

    @Test
    void medianStoppingComparesTheBestWithTheMedianOfAverages() {
        Termination policy = new Termination.MedianStopping(ALWAYS);
        List<Double> good = List.of(0.5, 0.7);
        List<Double> better = List.of(0.6, 0.8);

        assertThat(policy.ends(Goal.MAXIMIZE, List.of(0.1, 0.2), 1, List.of(good, better, List.of(0.1, 0.2))))
                .isTrue();
        assertThat(policy.ends(Goal.MAXIMIZE, good, 1, List.of(good, better, List.of(0.1, 0.2))))
                .isFalse();
    }

    @Test
    void truncationEndsTheLastPartAndNobodyWhereAllAreTheSame() {
        Termination policy = new Termination.TruncationSelection(ALWAYS, 20);
        List<List<Double>> all = List.of(List.of(1.0), List.of(2.0), List.of(3.0), List.of(4.0), List.of(5.0));

        assertThat(policy.ends(Goal.MAXIMIZE, List.of(1.0), 0, all)).isTrue();
        assertThat(policy.ends(Goal.MAXIMIZE, List.of(2.0), 0, all)).isFalse();
        assertThat(policy.ends(Goal.MINIMIZE, List.of(5.0), 0, all)).isTrue();
        List<Double> same = List.of(1.0);
        assertThat(policy.ends(Goal.MAXIMIZE, same, 0, List.of(same, same, same, same, same)))
                .isFalse();
    }

    @Test
    void aPolicyLooksAtMultiplesOfItsIntervalFromItsDelayOn() {
        Termination policy = new Termination.Bandit(new Termination.Pace(2, 5), 0.1, 0);
        List<Double> best = List.of(1.0, 1.0, 1.0, 1.0, 1.0, 1.0);
        List<Double> poor = List.of(0.1, 0.1, 0.1, 0.1, 0.1, 0.1);

        assertThat(policy.ends(Goal.MAXIMIZE, poor.subList(0, 5), 0, List.of(best)))
                .isFalse();
        assertThat(policy.ends(Goal.MAXIMIZE, poor, 5, List.of(best))).isTrue();
    }

    @Test
    void whatIsNotANumberIsWorseThanAnyNumber() {
        assertThat(ends(new Termination.Bandit(ALWAYS, 0.1, 0), Goal.MINIMIZE, List.of(Double.NaN), List.of(1.0)))
                .isTrue();
    }

    @Test
    void limitsAndPoliciesThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new Termination.TruncationSelection(ALWAYS, 0)).isInstanceOf(BadSweep.class);
        assertThatThrownBy(() -> new Termination.Bandit(ALWAYS, 0.1, 0.1)).isInstanceOf(BadSweep.class);
        assertThatThrownBy(() -> new SweepPlan.Limits(0, 1, java.util.Optional.empty(), java.util.Optional.empty()))
                .isInstanceOf(BadSweep.class);
    }

    private static boolean ends(Termination policy, Goal goal, List<Double> own, List<Double> other) {
        return policy.ends(goal, own, 0, List.of(own, other));
    }
}
