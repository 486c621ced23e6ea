package dev.malachite.server.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
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
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            of(List.of(bundle)).store(bytes, PASSWORD.toCharArray());
            PrivateFiles.writePublic(file, bytes.toByteArray());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no trust store could be made", e);
        }
    }

    /** Trusts those whose certificates a text holds, and nobody else. */
    public static SSLContext trusting(String pem) throws IOException, GeneralSecurityException {
        return context(store(read(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))));
    }

    /** Trusts those of the files and those of this machine. */
    static SSLContext trusting(List<Path> files) throws IOException, GeneralSecurityException {
        return context(of(files));
    }

    private static SSLContext context(KeyStore trusted) throws GeneralSecurityException {
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private static KeyStore of(List<Path> files) throws IOException, GeneralSecurityException {
        Set<Certificate> trusted = new LinkedHashSet<>();
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                trusted.addAll(read(in));
            }
        }
        trusted.addAll(trustedByThisMachine());
        return store(trusted);
    }

    private static KeyStore store(Collection<? extends Certificate> trusted)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int number = 0;
        for (Certificate certificate : trusted) {
            store.setCertificateEntry("ca-" + number++, certificate);
        }
        return store;
    }

    private static Collection<? extends Certificate> read(InputStream pem) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509").generateCertificates(pem);
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
