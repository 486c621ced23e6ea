package dev.malachite.server.start;

import dev.malachite.server.Malachite;
import dev.malachite.server.identity.Tokens;
import dev.malachite.server.tls.Certificates;
import dev.malachite.server.web.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.node.ObjectNode;

/** A whole server on ports of its own, in memory, and a client that trusts it. */
public final class RunningServer implements AutoCloseable {

    private final ConfigurableApplicationContext context;
    private final HttpClient client;

    private RunningServer(ConfigurableApplicationContext context, HttpClient client) {
        this.context = context;
        this.client = client;
    }

    public static RunningServer start(Path data, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--malachite.data=" + data,
                "--malachite.in-memory=true",
                "--malachite.runtime=simulated",
                "--malachite.https-port=0",
                "--malachite.http-port=0"));
        for (String given : more) {
            String name = given.substring(0, given.indexOf('=') + 1);
            arguments.removeIf(argument -> argument.startsWith(name));
            arguments.add(given);
        }
        ConfigurableApplicationContext context =
                Framework.application(Malachite.class).run(arguments.toArray(String[]::new));
        return new RunningServer(context, trusting(context.getBean(Certificates.class)));
    }

    private static HttpClient trusting(Certificates certificates) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("ca", certificates.keyStore().getCertificateChain("malachite")[1]);
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(
                    null, new TrustManager[] {new ChainTrust((X509TrustManager) managers.getTrustManagers()[0])}, null);
            return HttpClient.newBuilder().sslContext(tls).build();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public String https() {
        return "https://127.0.0.1:" + bean(Listeners.class).httpsPort();
    }

    public String http() {
        return "http://127.0.0.1:" + bean(Listeners.class).httpPort();
    }

    /** A token of somebody who may do everything. */
    public String token() {
        return bean(Tokens.class)
                .issue("test", "https://management.azure.com", Tokens.DEFAULT_TENANT, "test", Map.of());
    }

    /** An answer. */
    public record Answer(int status, HttpResponse<String> response) {

        public ObjectNode json() {
            return Json.parse(response.body());
        }

        /** The code of an error in Azure's envelope. */
        public String error() {
            return Json.string(Json.objectAt(json(), "error"), "code").orElse("");
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    /** Sends with a token that may do everything. */
    public Answer send(String method, String path, String body) {
        return sendTo(https() + path, method, body, "Authorization", "Bearer " + token());
    }

    public Answer get(String path) {
        return send("GET", path, "");
    }

    public Answer sendTo(String url, String method, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        context.close();
    }
}
