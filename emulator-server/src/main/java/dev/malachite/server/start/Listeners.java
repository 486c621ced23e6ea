package dev.malachite.server.start;

import dev.malachite.server.Settings;
import dev.malachite.server.tls.Certificates;
import dev.malachite.server.web.RefusalValve;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** The two listeners: https for everything that bears a token, plain http for the page, health and the control API. */
@Component
public class Listeners implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private static final String NIO = "org.apache.coyote.http11.Http11NioProtocol";

    /**
     * What the JDK puts into one record of TLS 1.3 at most, in bytes. Clients read record by record: after a buffer that is no multiple of
     * it comes a small one, each time.
     */
    private static final int TLS_RECORD = 16_367;

    private final Settings settings;
    private final Certificates certificates;
    private final Connector http = new Connector(NIO);

    /** Set by the web server's start, which precedes every request. */
    private volatile Connector https = http;

    Listeners(Settings settings, Certificates certificates) {
        this.settings = settings;
        this.certificates = certificates;
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        InetAddress address = Ports.address(settings.host());
        factory.setAddress(address);
        factory.setPort(settings.httpsPort());
        // Else each start makes folders of its own among everybody's temporary ones, and one that is killed leaves them
        // there.
        factory.setBaseDirectory(folder("tomcat"));
        factory.setDocumentRoot(folder("documents"));
        factory.addConnectorCustomizers(connector -> {
            secure(connector);
            https = connector;
        });
        factory.addContextCustomizers(
                context -> context.getParent().getPipeline().addValve(new RefusalValve()));
        prepare(http, address, settings.httpPort());
        factory.addAdditionalConnectors(http);
    }

    private File folder(String name) {
        try {
            return Files.createDirectories(settings.scratch().resolve(name)).toFile();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port that https listens on, also where the settings ask for any. */
    public int httpsPort() {
        int port = https.getLocalPort();
        return port > 0 ? port : settings.httpsPort();
    }

    /** The port that plain http listens on, also where the settings ask for any. */
    public int httpPort() {
        int port = http.getLocalPort();
        return port > 0 ? port : settings.httpPort();
    }

    /** A further https listener, not yet started. */
    Connector httpsConnector(InetAddress address, int port) {
        Connector connector = new Connector(NIO);
        prepare(connector, address, port);
        secure(connector);
        return connector;
    }

    private static void prepare(Connector connector, InetAddress address, int port) {
        connector.setPort(port);
        connector.setThrowOnFailure(true);
        if (connector.getProtocolHandler() instanceof AbstractProtocol<?> protocol) {
            protocol.setAddress(address);
            protocol.setExecutor(new VirtualThreadExecutor("http-" + port + "-"));
        }
        lenient(connector);
    }

    private void secure(Connector connector) {
        lenient(connector);
        connector.setScheme("https");
        connector.setSecure(true);
        if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> protocol) {
            protocol.setSSLEnabled(true);
            // An upload of many files would shake hands anew for every hundred of them.
            protocol.setMaxKeepAliveRequests(-1);
            protocol.setProperty("socket.appWriteBufSize", String.valueOf(2 * TLS_RECORD));
        }
        SSLHostConfig tls = new SSLHostConfig();
        SSLHostConfigCertificate certificate =
                new SSLHostConfigCertificate(tls, SSLHostConfigCertificate.Type.UNDEFINED);
        certificate.setCertificateKeystore(certificates.keyStore());
        certificate.setCertificateKeyPassword("");
        tls.addCertificate(certificate);
        tls.setProtocols("TLSv1.2+TLSv1.3");
        connector.addSslHostConfig(tls);
    }

    /** Names of blobs and artifacts come with encoded slashes, filters with characters that a strict parser refuses. */
    private static void lenient(Connector connector) {
        connector.setEncodedSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
        connector.setProperty("relaxedQueryChars", "<>[\\]^`{|}");
        connector.setProperty("relaxedPathChars", "<>[]^`{|}");
    }
}
