package dev.malachite.server.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * The bundle as a PKCS12 file: a JVM that is told of a trust store forgets its own, so that one's authorities are in it
 * too.
 */
public final class TrustStore {

    /** There is nothing secret in it, but Java shows certificates only to those who name a password. */
    public static final String PASSWORD = "malachite";

    private TrustStore() {}

    static Path write(Path file, Path bundle) {
        try {
            Set<Certificate> trusted = new LinkedHashSet<>();
            try (InputStream in = Files.newInputStream(bundle)) {
                trusted.addAll(CertificateFactory.getInstance("X.509").generateCertificates(in));
            }
            trusted.addAll(trustedByThisMachine());
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : trusted) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            store.store(bytes, PASSWORD.toCharArray());
            PrivateFiles.writePublic(file, bytes.toByteArray());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no trust store could be made", e);
        }
    }

    private static List<Certificate> trustedByThisMachine() throws GeneralSecurityException {
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init((KeyStore) null);
        for (TrustManager manager : managers.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return List.of(x509.getAcceptedIssuers());
            }
        }
        return List.of();
    }
}
