package dev.malachite.server.tls;

import dev.malachite.server.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The emulator's certificate authority and its one server certificate, made at the first start and kept in
 * {@code data/tls}; the authority stays for its ten years, because users have told their clients to trust it.
 */
@Component
public class Certificates {

    private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);

    private static final Duration RENEW_BEFORE = Duration.ofDays(30);

    private static final String ALIAS = "malachite";

    private final Path folder;
    private final X509Certificate authority;
    private final X509Certificate leaf;
    private final PrivateKey leafKey;

    @Autowired
    Certificates(Settings settings) {
        // Certificates live in real time: clients judge them by their own clock, whatever the emulator's says.
        this(
                settings.data().resolve("tls"),
                Names.certified(settings.host(), settings.names()),
                InstantSource.system(),
                System.getenv());
    }

    /** Those of a data folder, made where there are none. */
    public static Certificates of(Settings settings) {
        return new Certificates(settings);
    }

    Certificates(Path folder, Set<String> names, InstantSource time, Map<String, String> environment) {
        this.folder = folder.toAbsolutePath();
        Instant now = time.instant();
        try {
            Issued ca = authority(now);
            authority = ca.certificate();
            if (leafServes(names, now)) {
                leaf = Pem.readCertificate(file("server.pem"));
                leafKey = Pem.readKey(file("server-key.pem"));
            } else {
                Issued made = Issuer.leaf(ca, names, now);
                leaf = made.certificate();
                leafKey = made.keys().getPrivate();
                PrivateFiles.writeSecret(file("server-key.pem"), Pem.key(leafKey));
                PrivateFiles.writePublic(file("server.pem"), Pem.certificate(leaf) + Pem.certificate(authority));
            }
            PrivateFiles.writePublic(bundle(), Bundle.with(authorityPem(), environment));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no certificate could be made", e);
        }
    }

    /** The authority's certificate, for those who want to trust us. */
    public String authorityPem() {
        return Pem.certificate(authority);
    }

    /** A file with every authority that was trusted before, and ours. */
    public Path bundle() {
        return file("bundle.pem");
    }

    /** A file with the same authorities for Java programs; it is written anew whenever somebody asks. */
    public Path trustStore() {
        return TrustStore.write(file("truststore.p12"), bundle());
    }

    /**
     * Trusts the same authorities and those of another file, for our own calls to others.
     *
     * @throws IOException when the file cannot be read
     * @throws GeneralSecurityException when there are no certificates in it
     */
    public SSLContext trustingAlso(Optional<Path> more) throws IOException, GeneralSecurityException {
        return TrustStore.trusting(
                Stream.concat(Stream.of(bundle()), more.stream()).toList());
    }

    /** The file with our authority alone. */
    public Path authorityFile() {
        return file("ca.pem");
    }

    /**
     * Key and chain as a listener needs them; the password is empty because the store never leaves memory. Of the JDK's
     * kinds this one spends no time on a key that nobody could guess, where PKCS12 takes a tenth of a second at each use.
     */
    public KeyStore keyStore() {
        try {
            KeyStore store = KeyStore.getInstance("JKS");
            store.load(null, null);
            store.setKeyEntry(ALIAS, leafKey, new char[0], new Certificate[] {leaf, authority});
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    X509Certificate leaf() {
        return leaf;
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    private Issued authority(Instant now) throws IOException, GeneralSecurityException {
        if (Files.exists(authorityFile()) && Files.exists(file("ca-key.pem"))) {
            X509Certificate kept = Pem.readCertificate(authorityFile());
            if (kept.getNotAfter().toInstant().isAfter(now.plus(Issued.LEAF_LIFE))) {
                return new Issued(new KeyPair(kept.getPublicKey(), Pem.readKey(file("ca-key.pem"))), kept);
            }
            LOG.warn("The emulator's certificate authority is about to expire: a new one is made, trust it again");
        }
        Issued made = Issuer.authority(now);
        PrivateFiles.writeSecret(file("ca-key.pem"), Pem.key(made.keys().getPrivate()));
        PrivateFiles.writePublic(authorityFile(), Pem.certificate(made.certificate()));
        return made;
    }

    /** Whether the kept certificate is ours, fresh, and names everything that it must name. */
    private boolean leafServes(Set<String> names, Instant now) {
        if (!Files.exists(file("server.pem")) || !Files.exists(file("server-key.pem"))) {
            return false;
        }
        try {
            X509Certificate kept = Pem.readCertificate(file("server.pem"));
            Set<String> canonical = new HashSet<>();
            names.forEach(name -> canonical.add(canonical(name)));
            // No two authorities have one name. Checking the signature too would cost a tenth of the start.
            return kept.getIssuerX500Principal().equals(authority.getSubjectX500Principal())
                    && kept.getNotAfter().toInstant().isAfter(now.plus(RENEW_BEFORE))
                    && names(kept).equals(canonical);
        } catch (IOException | GeneralSecurityException e) {
            LOG.info("The kept certificate cannot be used ({}): a new one is made", e.getMessage());
            return false;
        }
    }

    static Set<String> names(X509Certificate certificate) throws GeneralSecurityException {
        Set<String> names = new HashSet<>();
        var alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null) {
            for (List<?> alternative : alternatives) {
                names.add(canonical((String) alternative.get(1)));
            }
        }
        return names;
    }

    /** The JDK writes IPv6 addresses out in full. */
    private static String canonical(String name) {
        return name.equals("::1") ? "0:0:0:0:0:0:0:1" : name;
    }
}
