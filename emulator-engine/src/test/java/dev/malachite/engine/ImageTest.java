package dev.malachite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How long an image is wanted, and by whom. */
class ImageTest {

    private final Scenario world = new Scenario();

    @Test
    void anImageIsWantedUntilTheLastOfThoseWhoWaitForItIsCanceled() {
        world.cluster(0, 1, VmPriority.DEDICATED);
        world.submit("a");
        world.submit("b");
        world.tell(new Command.CancelJob(world.job("a").id()));
        assertThat(world.state.missingImages()).containsExactly(Scenario.IMAGE);
        assertThat(world.state.isAwaited(Scenario.IMAGE)).isTrue();

        world.tell(new Command.CancelJob(world.job("b").id()));
        assertThat(world.state.isAwaited(Scenario.IMAGE)).isFalse();
        assertThat(world.state.missingImages()).isEmpty();
    }

    @Test
    void allThatWaitForAnImageAreQueuedWhenItIsThereAndEndWhenItCannotBeHad() {
        world.cluster(0, 1, VmPriority.DEDICATED);
        world.submit("a");
        world.submit("b");
        world.tell(new Command.ImageFailed(Scenario.IMAGE, "no such image"));
        assertThat(world.ended("a")).isTrue();
        assertThat(world.ended("b")).isTrue();

        world.submit("c");
        world.submit("d");
        assertThat(world.state.placeable(Scenario.CLUSTER))
                .as("whoever looks for nodes passes them over")
                .isEmpty();
        world.imageReady();
        assertThat(world.state.placeable(Scenario.CLUSTER)).containsExactly(world.job("c"), world.job("d"));
        assertThat(world.state.isAwaited(Scenario.IMAGE)).isFalse();
        assertThat(world.job("c").phase()).isEqualTo(JobPhase.QUEUED);
        assertThat(world.job("d").phase()).isEqualTo(JobPhase.QUEUED);
        assertThat(world.state.waitingCount(Scenario.CLUSTER)).isEqualTo(2);
    }
}
