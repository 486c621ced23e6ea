package dev.malachite.server.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.server.loop.ControlLoop.ClockWork;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class InboxTest {

    private static final ClockWork FIRST = (clock, turner) -> {};
    private static final ClockWork SECOND = (clock, turner) -> {};

    private final Inbox inbox = new Inbox();

    @Test
    void whatIsAskedBehindATurnOfTheClockIsThereForTheTurn() throws InterruptedException {
        ask("before", FIRST, "behind", SECOND, "last");

        assertThat(taken()).containsExactly("before");
        assertThat(taken()).containsExactly(FIRST);
        assertThat(inbox.isEmpty())
                .as("somebody waits for what is asked behind the turn")
                .isFalse();
        assertThat(takenInATurn()).containsExactly("behind", "last");
        assertThat(inbox.isEmpty()).as("one turn does not wait for the next").isTrue();
        assertThat(taken()).containsExactly(SECOND);
    }

    @Test
    void aTurnThatIsAskedDuringAnotherComesAfterIt() throws InterruptedException {
        ask(FIRST);
        assertThat(taken()).containsExactly(FIRST);
        ask(SECOND, "meanwhile");

        assertThat(takenInATurn()).containsExactly("meanwhile");
        ask("later");
        assertThat(taken()).containsExactly(SECOND);
        assertThat(taken()).containsExactly("later");
    }

    @Test
    void whoWakesItTwiceWakesItOnce() throws InterruptedException {
        inbox.wake();
        inbox.wake();
        assertThat(inbox.take(Duration.ofMinutes(1))).isEmpty();
        inbox.wake();
        assertThat(inbox.take(Duration.ofMinutes(1))).isEmpty();
        assertThat(inbox.isEmpty()).isTrue();
    }

    private void ask(Object... wishes) {
        for (Object wish : wishes) {
            var _ = inbox.add(wish);
        }
    }

    private List<Object> taken() throws InterruptedException {
        return inbox.take(Duration.ZERO).stream().<Object>map(Inbox.Item::what).toList();
    }

    private List<Object> takenInATurn() throws InterruptedException {
        return inbox.takeOfATurn(Duration.ZERO, () -> false).stream()
                .<Object>map(Inbox.Item::what)
                .toList();
    }
}
