package dev.malachite.server.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @ParameterizedTest
    @CsvSource({
        "/instances/ci1.westus/lab?x=/.., true",
        "/instances/ci1.westus/lab, true",
        "/instances/ci2.westus/lab, false",
        "/instances/ci1.westus/../../_emulator/x, false",
        "/instances/ci1.westus/%2E%2e/x, false",
        "//evil.example/instances/ci1.westus/, false",
        "https://evil.example/, false"
    })
    void nobodyIsSentAnywhereElse(String path, boolean leads) {
        assertThat(new Door("ci1", "westus", "").leads(path)).isEqualTo(leads);
    }

    /** Tomcat takes what browsers send; the client behind it takes URIs. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "/a/[b]{c}?d={e}&f=[g]|^`h /a/%5Bb%5D%7Bc%7D?d=%7Be%7D&f=[g]%7C%5E%60h",
                "/a?b=%&c=%zz&d=%20%e2 /a?b=%25&c=%25zz&d=%20%e2",
                "/a?b=c?d /a?b=c?d"
            })
    void whatIsHandedOnIsAUri(String sent, String strict) {
        assertThat(NotebookProxy.strict(sent)).isEqualTo(strict);
        assertThat(URI.create("http://x" + strict)).isNotNull();
    }

    private static Optional<Door> of(String path) {
        return Door.of(new MockHttpServletRequest("GET", path));
    }
}
