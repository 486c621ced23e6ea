package dev.malachite.server.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.server.machine.ProxyHeaders.Header;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class ProxyHeadersTest {

    @Test
    void credentialsAndWhatConcernsOneConnectionStayHere() {
        MockHttpServletRequest request = new MockHttpServletRequest();
        for (String name : List.of(
                "Host", "Cookie", "Authorization", "Origin", "Upgrade", "X-Malachite-Key", "Content-Length", "X-Hop")) {
            request.addHeader(name, "1");
        }
        request.addHeader("Connection", "keep-alive, x-hop");
        request.addHeader("Accept", "text/html");
        request.addHeader("Accept", "application/json");
        request.addHeader("Sec-WebSocket-Key", "k");
        assertThat(ProxyHeaders.toServer(request))
                .containsExactly(
                        new Header("Accept", "text/html"),
                        new Header("Accept", "application/json"),
                        new Header("Sec-WebSocket-Key", "k"));
        assertThat(ProxyHeaders.toBrowser(Map.of(
                        "set-cookie", List.of("login=1"),
                        "transfer-encoding", List.of("chunked"),
                        "service-worker-allowed", List.of("/"),
                        "strict-transport-security", List.of("max-age=31536000"),
                        "clear-site-data", List.of("\"*\""),
                        "alt-svc", List.of("h3=\":1\""),
                        "content-type", List.of("text/css"))))
                .containsExactly(new Header("content-type", "text/css"));
    }
}
