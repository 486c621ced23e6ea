package dev.malachite.server.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Joins the authorities that are trusted here already with ours: Python's clients take one bundle and trust nothing
 * beside it, so ours alone would cut them off from everything else.
 */
final class Bundle {

    private static final List<String> VARIABLES = List.of("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE");

    private static final List<String> SYSTEM =
            List.of("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt");

    /** Authorities of other emulator runs in a bundle that we wrote; a shell that was pointed at us starts us again. */
    private static final String MARK = "# Malachite emulator\n";

    private static final Pattern OURS =
            Pattern.compile(Pattern.quote(MARK) + "-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----\\s*");

    private Bundle() {}

    static String with(String ours, Map<String, String> environment) {
        return inForce(environment).map(Bundle::withoutOurs).orElse("") + MARK + ours;
    }

    private static String withoutOurs(String bundle) {
        String rest = OURS.matcher(bundle).replaceAll("");
        return rest.isEmpty() || rest.endsWith("\n") ? rest : rest + "\n";
    }

    private static Optional<String> inForce(Map<String, String> environment) {
        return Stream.concat(VARIABLES.stream().map(environment::get), SYSTEM.stream())
                .flatMap(name -> read(name).stream())
                .findFirst();
    }

    private static Optional<String> read(@Nullable String name) {
        if (name == null || name.isBlank()) {
            return Optional.empty();
        }
        try {
            Path file = Path.of(name);
            return Files.isRegularFile(file) && Files.isReadable(file)
                    ? Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1))
                    : Optional.empty();
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }
}
