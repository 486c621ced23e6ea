package dev.malachite.server.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

class DoorTest {

    @Test
    void namesAnInstanceAndItsServersPath() {
        assertThat(of("/instances/Ci-1a.westus2/lab/tree/a%20b.ipynb"))
                .contains(new Door("Ci-1a", "westus2", "/lab/tree/a%20b.ipynb"));
        assertThat(of("/instances/ci1.westus")).contains(new Door("ci1", "westus", ""));
        assertThat(of("/instances/ci1.westus/a..b/..."))
                .as("dots that climb nowhere")
                .isPresent();
        assertThat(new Door("Ci1", "westus", "").prefix()).isEqualTo("/instances/ci1.westus/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/instances",
                "/instances/",
                "/instances/ci1",
                "/instances/1ci.westus/",
                "/instances/ci1.westus/../ci2.westus/lab",
                "/instances/ci1.westus/%2e%2E/ci2.westus/lab",
                "/instances/ci1.westus/..;x/lab",
                "/instances/ci1.westus/x/..",
                "/subscriptions/../instances/ci1.westus/"
            })
    void isNoWayToAnythingElse(String path) {
        assertThat(of(path)).isEmpty();
    }

    private static Optional<Door> of(String path) {
        return Door.of(new MockHttpServletRequest("GET", path));
    }
}
