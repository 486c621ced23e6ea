package dev.malachite.server.runtime.docker;

import dev.malachite.server.runtime.JobFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How this machine reaches package registries, for containers that install something. */
final class Registries {

    /** Paths of this machine mean nothing inside, so none that holds one is passed. */
    private static final List<String> PASSED = List.of(
            "PIP_INDEX_URL",
            "PIP_EXTRA_INDEX_URL",
            "PIP_TRUSTED_HOST",
            "PIP_DEFAULT_TIMEOUT",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "http_proxy",
            "https_proxy");

    /** What the proxy is not asked for; it may name this machine's loopback, where nothing is asked for then. */
    private static final List<String> EXCEPTIONS = List.of("NO_PROXY", "no_proxy");

    private Registries() {}

    /** Lines for a shell that export what may be passed on. */
    static String settings() {
        StringBuilder settings = new StringBuilder();
        reachable(System.getenv())
                .forEach((name, value) -> settings.append("export ")
                        .append(name)
                        .append('=')
                        .append(JobFile.quote(value))
                        .append('\n'));
        return settings.toString();
    }

    /** The same for a build whose image remembers what it was told: without what may hold a password. */
    static Map<String, String> arguments() {
        Map<String, String> settings = reachable(System.getenv());
        settings.values().removeIf(value -> value.contains("@"));
        return settings;
    }

    /** What listens on this machine's loopback cannot be reached from a container. */
    static Map<String, String> reachable(Map<String, String> environment) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String name : PASSED) {
            String value = environment.get(name);
            if (value != null && !value.contains("127.0.0.1") && !value.contains("localhost")) {
                settings.put(name, value);
            }
        }
        if (settings.keySet().stream()
                .anyMatch(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"))) {
            // No proxy of anybody's leads to us. Programs differ in which of the two they read.
            String without = Stream.concat(EXCEPTIONS.stream().map(environment::get), Stream.of(Gateway.EMULATOR))
                    .filter(each -> each != null && !each.isBlank())
                    .distinct()
                    .collect(Collectors.joining(","));
            EXCEPTIONS.forEach(name -> settings.put(name, without));
        }
        return settings;
    }

    /** What this machine trusts where somebody said so; else the image's own will do. */
    static String certificates() throws IOException {
        for (String name : List.of("PIP_CERT", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")) {
            String file = System.getenv(name);
            if (file != null && Files.isRegularFile(Path.of(file))) {
                return Files.readString(Path.of(file), StandardCharsets.UTF_8) + "\n";
            }
        }
        return "";
    }
}
