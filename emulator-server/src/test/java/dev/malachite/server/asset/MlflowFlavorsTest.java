package dev.malachite.server.asset;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** An MLmodel file is whatever a job has written. */
class MlflowFlavorsTest {

    @Test
    void flavorsAreReadFromADescription() {
        assertThat(MlflowFlavors.flavors("flavors:\n  sklearn:\n    pickled_model: model.pkl\n"))
                .hasValueSatisfying(found -> assertThat(
                                found.at("/sklearn/data/pickled_model").stringValue())
                        .isEqualTo("model.pkl"));
    }

    @Test
    void aDescriptionThatHoldsItselfIsNone() {
        assertThat(MlflowFlavors.flavors("flavors: &a\n  sklearn:\n    again: *a\n"))
                .isEmpty();
        assertThat(MlflowFlavors.flavors("&a [*a]")).isEmpty();
        assertThat(MlflowFlavors.flavors("a".repeat(3) + ": " + "[".repeat(50_000)))
                .isEmpty();
        assertThat(MlflowFlavors.flavors("")).isEmpty();
    }
}
