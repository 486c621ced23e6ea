package dev.malachite.server.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RegistriesTest {

    @Test
    void whatCannotBeReachedFromAContainerIsNotNamedThere() {
        assertThat(Registries.reachable(Map.of(
                        "PIP_INDEX_URL", "http://localhost:3141/simple",
                        "PIP_EXTRA_INDEX_URL", "https://pip.example/simple",
                        "HOME", "/root")))
                .isEqualTo(Map.of("PIP_EXTRA_INDEX_URL", "https://pip.example/simple"));
    }

    @Test
    void aProxyIsAskedForNothingOfOurs() {
        assertThat(Registries.reachable(Map.of(
                        "HTTPS_PROXY", "http://proxy.example:3128",
                        "NO_PROXY", "localhost,127.0.0.1,.corp.example")))
                .isEqualTo(Map.of(
                        "HTTPS_PROXY", "http://proxy.example:3128",
                        "NO_PROXY", "localhost,127.0.0.1,.corp.example,malachite.internal",
                        "no_proxy", "localhost,127.0.0.1,.corp.example,malachite.internal"));
        assertThat(Registries.reachable(Map.of("NO_PROXY", "localhost"))).isEmpty();
    }
}
