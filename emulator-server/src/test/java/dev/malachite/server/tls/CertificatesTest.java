package dev.malachite.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesTest {

    private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");

    @TempDir
    Path folder;

    @Test
    void authorityOutlivesANewHostAndTheServersCertificateDoesNot() throws GeneralSecurityException {
        Certificates first = certificates("127.0.0.1", NOW);
        Certificates same = certificates("127.0.0.1", NOW);
        Certificates other = certificates("build.example", NOW);

        assertThat(same.leaf()).isEqualTo(first.leaf());
        assertThat(other.authorityPem()).isEqualTo(first.authorityPem());
        assertThat(other.leaf()).isNotEqualTo(first.leaf());
        assertThat(Certificates.names(other.leaf()))
                .contains("build.example", "localhost", "127.0.0.1", "*.blob.core.windows.net", "*.blob.core.emu");
    }

    @Test
    void certificateIsRenewedBeforeItEnds() {
        Certificates first = certificates("127.0.0.1", NOW);
        Certificates later = certificates("127.0.0.1", NOW.plus(Duration.ofDays(340)));

        assertThat(later.leaf()).isNotEqualTo(first.leaf());
        assertThat(later.authorityPem()).isEqualTo(first.authorityPem());
    }

    @Test
    void wildcardAddressIsNoName() throws GeneralSecurityException {
        assertThat(Certificates.names(certificates("0.0.0.0", NOW).leaf())).doesNotContain("0.0.0.0");
    }

    @Test
    void furtherNamesAreVouchedForFromTheNextStartOn() throws GeneralSecurityException {
        certificates("127.0.0.1", NOW);

        Certificates again = new Certificates(
                folder,
                Names.certified("127.0.0.1", List.of("Docker", "10.1.2.3")),
                InstantSource.fixed(NOW),
                Map.of());

        assertThat(Certificates.names(again.leaf())).contains("docker", "10.1.2.3", "localhost");
    }

    @Test
    void privateKeysAreForTheirOwnerAlone() throws IOException {
        certificates("127.0.0.1", NOW);

        for (String name : new String[] {"ca-key.pem", "server-key.pem"}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void bundleIsTheOneInForceAndOursOnce() throws IOException {
        Path inForce = Files.writeString(folder.resolve("in-force.pem"), "# theirs\n");
        Map<String, String> before = Map.of("REQUESTS_CA_BUNDLE", inForce.toString());
        Certificates first =
                new Certificates(folder, Names.certified("127.0.0.1", List.of()), InstantSource.fixed(NOW), before);
        // The shell that was pointed at us starts us again.
        Map<String, String> pointed =
                Map.of("REQUESTS_CA_BUNDLE", first.bundle().toString());
        Certificates again =
                new Certificates(folder, Names.certified("127.0.0.1", List.of()), InstantSource.fixed(NOW), pointed);

        assertThat(Files.readString(again.bundle()))
                .startsWith("# theirs\n")
                .endsWith(again.authorityPem())
                .containsOnlyOnce("BEGIN CERTIFICATE");
    }

    private Certificates certificates(String host, Instant now) {
        return new Certificates(folder, Names.certified(host, List.of()), InstantSource.fixed(now), Map.of());
    }
}
