package dev.malachite.testkit.emulator;

import dev.malachite.testkit.client.MalachiteClient;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A running emulator, as a program under test is pointed at it. One subscription goes with it, so that tests which use one
 * each do not see each other's workspaces.
 */
public final class Emulator {

    private static final JsonMapper JSON = new JsonMapper();

    private final URI control;
    private final URI endpoint;
    private final Map<String, String> environment;
    private final String certificate;
    private final KeyStore trusted;
    private final SSLContext tls;
    private final HttpClient http;

    private Emulator(URI control, URI endpoint, Map<String, String> environment, String certificate) {
        this.control = control;
        this.endpoint = endpoint;
        this.environment = environment;
        this.certificate = certificate;
        this.trusted = Trust.keyStore(certificate);
        this.tls = Trust.context(trusted);
        this.http = HttpClient.newBuilder().sslContext(tls).build();
    }

    /**
     * The emulator at that address, with the subscription that every emulator has.
     *
     * @param control its plain HTTP address, for example {@code http://127.0.0.1:10080}
     * @throws dev.malachite.testkit.client.MalachiteException if it does not answer
     */
    public static Emulator at(URI control) {
        return at(control, null, Map.of());
    }

    /**
     * The emulator at that address, which also says how it is seen from here, where it cannot know: behind mapped ports.
     *
     * @param endpoint its HTTPS address; null: as it says itself
     * @param overrides variables to take instead of those that it says
     */
    public static Emulator at(URI control, @Nullable URI endpoint, Map<String, String> overrides) {
        try (MalachiteClient client = MalachiteClient.at(control)) {
            return of(client, endpoint, null, overrides);
        }
    }

    private static Emulator of(
            MalachiteClient client,
            @Nullable URI endpoint,
            @Nullable String subscription,
            Map<String, String> overrides) {
        Map<String, String> environment = new LinkedHashMap<>(client.environment(subscription));
        environment.putAll(overrides);
        URI https = endpoint == null
                ? URI.create(required(environment, "ARM_CLOUD_METADATA_URL")).resolve("/")
                : endpoint;
        return new Emulator(client.address(), withoutSlash(https), environment, client.certificate());
    }

    /** The same emulator with another subscription, which becomes known to it. */
    public Emulator withSubscription(String id) {
        try (MalachiteClient client = MalachiteClient.at(control)) {
            client.environment(id);
        }
        Map<String, String> variables = new LinkedHashMap<>(environment);
        variables.put("AZURE_SUBSCRIPTION_ID", id);
        return new Emulator(control, endpoint, variables, certificate);
    }

    /** Where the control API and the page are: plain HTTP, no slash at the end. */
    public URI control() {
        return control;
    }

    /**
     * What Azure's SDKs are given for Resource Manager and for the authority: HTTPS, no slash at the end, for example
     * {@code https://127.0.0.1:10443}.
     */
    public URI endpoint() {
        return endpoint;
    }

    /** The subscription to work in, a GUID. */
    public String subscription() {
        return required(environment, "AZURE_SUBSCRIPTION_ID");
    }

    /** A service principal to sign in as. */
    public Credentials credentials() {
        return new Credentials(
                required(environment, "AZUREML_SERVICE_PRINCIPAL_TENANT_ID"),
                required(environment, "AZUREML_SERVICE_PRINCIPAL_ID"),
                required(environment, "AZUREML_SERVICE_PRINCIPAL_PASSWORD"));
    }

    /** The variables for a process on this machine that uses an Azure SDK or the Azure CLI. */
    public Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    /** The certificate of the emulator's authority, as PEM. */
    public String certificate() {
        return certificate;
    }

    /** What this JVM trusts, and the emulator. */
    public KeyStore keyStore() {
        return trusted;
    }

    /** TLS with what this JVM trusts, and the emulator. */
    public SSLContext sslContext() {
        return tls;
    }

    /** A client that trusts the emulator, for calls without an SDK. */
    public HttpClient http() {
        return http;
    }

    /** A control client of its own; the caller closes it. */
    public MalachiteClient client() {
        return MalachiteClient.at(control);
    }

    /**
     * A new access token for Resource Manager and the data plane, as a program gets it that signs in without an SDK.
     *
     * @throws IllegalStateException if the emulator gives none
     */
    public String token() {
        Credentials who = credentials();
        Map<String, String> form = Map.of(
                "grant_type",
                "client_credentials",
                "client_id",
                who.clientId(),
                "client_secret",
                who.clientSecret(),
                "scope",
                endpoint + "/.default");
        HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint + "/" + who.tenant() + "/oauth2/v2.0/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form.entrySet().stream()
                        .map(field ->
                                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"))))
                .build();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException("No token (%d): %s".formatted(response.statusCode(), response.body()));
            }
            return JSON.readTree(response.body()).path("access_token").stringValue();
        } catch (IOException e) {
            throw new IllegalStateException("No token: " + endpoint + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    private static String required(Map<String, String> environment, String name) {
        return Objects.requireNonNull(environment.get(name), () -> "The emulator's environment has no " + name);
    }

    private static URI withoutSlash(URI uri) {
        String text = uri.toString();
        return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : uri;
    }
}
