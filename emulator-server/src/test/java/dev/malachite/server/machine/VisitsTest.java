package dev.malachite.server.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.server.machine.Machines.Person;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class VisitsTest {

    private static final String HERE = "/instances/ci1.westus/";
    private static final Person ADA = new Person("0b", "Ada. L<");

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T00:00:00Z"));
    private final Visits visits = new Visits(now::get);

    @Test
    void saysWhoSignedInUntilItsHourIsOver() {
        String cookie = visits.issue(HERE, ADA);
        assertThat(visits.read(HERE, cookie)).contains(new Visits.Visit(ADA, false));
        now.updateAndGet(time -> time.plus(Duration.ofMinutes(31)));
        assertThat(visits.read(HERE, cookie)).contains(new Visits.Visit(ADA, true));
        now.updateAndGet(time -> time.plus(Duration.ofMinutes(29)));
        assertThat(visits.read(HERE, cookie)).isEmpty();
    }

    @Test
    void isGoodForOneInstanceAndOnlyAsItWasMade() {
        String cookie = visits.issue(HERE, ADA);
        assertThat(visits.read("/instances/ci2.westus/", cookie)).isEmpty();
        assertThat(new Visits(now::get).read(HERE, cookie))
                .as("another emulator's")
                .isEmpty();
        String[] parts = cookie.split("\\.", -1);
        parts[1] = visits.issue(HERE, new Person("0c", "Eve")).split("\\.", -1)[1];
        assertThat(visits.read(HERE, String.join(".", parts))).isEmpty();
        for (String odd : new String[] {"", "....", "a.b.c.d.e", cookie + ".x", cookie.substring(1)}) {
            assertThat(visits.read(HERE, odd)).as(odd).isEmpty();
        }
    }
}
