package dev.malachite.server.proxy;

import dev.malachite.server.tls.Names;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxy that the emulator's own environment names, by which alone some machines reach others.
 *
 * @param authorization what it is told of the user; empty for nothing
 * @param without names that it is not asked about, as {@code NO_PROXY} writes them
 */
record Upstream(String host, int port, String authorization, List<String> without) {

    private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);

    private static final int HTTP = 80;

    static Optional<Upstream> of(Map<String, String> environment) {
        Optional<String> url = variable(environment, "https_proxy").or(() -> variable(environment, "all_proxy"));
        if (url.isEmpty()) {
            return Optional.empty();
        }
        try {
            String text = url.get();
            URI proxy = URI.create(text.contains("://") ? text : "http://" + text);
            if ("http".equalsIgnoreCase(proxy.getScheme()) && proxy.getHost() != null) {
                int port = proxy.getPort() > 0 ? proxy.getPort() : HTTP;
                return Optional.of(new Upstream(
                        Names.unbracketed(proxy.getHost()),
                        port,
                        proxy.getUserInfo() == null ? "" : basic(proxy.getUserInfo()),
                        without(environment)));
            }
        } catch (IllegalArgumentException e) {
            // Said below, without the text: it may hold a password.
        }
        LOG.warn("HTTPS_PROXY is no http:// address of a proxy: tunnels to others than the emulator go straight");
        return Optional.empty();
    }

    /** Whether this host is asked for through the proxy. */
    boolean serves(String host) {
        return without.stream().noneMatch(name -> name.equals("*") || host.equals(name) || host.endsWith("." + name));
    }

    /** The request for a tunnel through it. */
    String request(Destination destination) {
        return "CONNECT %1$s HTTP/1.1\r\nHost: %1$s\r\n%2$s\r\n"
                .formatted(
                        destination, authorization.isEmpty() ? "" : "Proxy-Authorization: " + authorization + "\r\n");
    }

    /** Neither the user nor the password. */
    @Override
    public String toString() {
        return host + ":" + port;
    }

    private static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> without(Map<String, String> environment) {
        return Arrays.stream(variable(environment, "no_proxy").orElse("").split(",", -1))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .map(name -> name.startsWith(".") ? name.substring(1) : name)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** In lower case first, as other clients do. */
    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .or(() -> Optional.ofNullable(environment.get(name.toUpperCase(Locale.ROOT))))
                .filter(value -> !value.isBlank());
    }
}
