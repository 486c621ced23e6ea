package dev.malachite.server.cloud;

import dev.malachite.api.Errors;
import dev.malachite.server.Settings;
import dev.malachite.server.identity.Tokens;
import dev.malachite.server.proxy.ConnectProxy;
import dev.malachite.server.tls.Certificates;
import dev.malachite.server.tls.Names;
import dev.malachite.server.tls.TrustStore;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Caller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** The variables that point one shell's programs at us: the v1 SDK, the v2 SDK and the Azure CLI. */
@Component
class ClientVariables {

    private final Endpoints endpoints;
    private final Certificates certificates;
    private final Settings settings;
    private final ConnectProxy proxy;

    ClientVariables(Endpoints endpoints, Certificates certificates, Settings settings, ConnectProxy proxy) {
        this.proxy = proxy;
        this.endpoints = endpoints;
        this.certificates = certificates;
        this.settings = settings;
    }

    Map<String, String> of(Mode mode, Caller caller, String subscription) {
        Map<String, String> variables = new LinkedHashMap<>();
        switch (mode) {
            case VARIABLES -> endpoints(variables, caller);
            case PROXY -> tunnels(variables, caller);
        }
        variables.put("REQUESTS_CA_BUNDLE", certificates.bundle().toString());
        variables.put("SSL_CERT_FILE", certificates.bundle().toString());
        // The Azure CLI would ask Microsoft's public host about our authority.
        variables.put("AZURE_CORE_INSTANCE_DISCOVERY", "false");
        variables.put("IDENTITY_ENDPOINT", endpoints.http(caller) + "/msi/token");
        variables.put("IDENTITY_HEADER", "malachite");
        variables.put("AZUREML_SERVICE_PRINCIPAL_TENANT_ID", Tokens.DEFAULT_TENANT);
        variables.put("AZUREML_SERVICE_PRINCIPAL_ID", Tokens.DEFAULT_OBJECT);
        // azureml-core takes a secret that is the name of a file for a certificate, and our launcher is called
        // malachite.
        variables.put("AZUREML_SERVICE_PRINCIPAL_PASSWORD", "any-secret-will-do");
        variables.put("AZURE_SUBSCRIPTION_ID", subscription);
        // Not AZUREML_RUN_POLLING_INTERVAL_MIN and MAX: the v2 SDK would poll faster with them, but azureml-core 1.61
        // divides the text by a number and ends in a TypeError in wait_for_completion.
        return variables;
    }

    /** What clients are told that ask where their cloud is. */
    private void endpoints(Map<String, String> variables, Caller caller) {
        variables.put("ARM_CLOUD_METADATA_URL", endpoints.https(caller) + "/metadata/endpoints?api-version=2019-05-01");
        variables.put("AZUREML_CURRENT_CLOUD", CloudController.OWN_NAME);
        // The v2 SDK would ask a public host, which is not there, about a registry; we say that there are none.
        variables.put("REGISTRY_DISCOVERY_ENDPOINT_URL", endpoints.https(caller));
        // One folder for each address: the v1 SDK reads the cloud's metadata once and keeps it there for ever.
        variables.put("AZURE_CONFIG_DIR", configFolder(endpoints.httpsHost(caller)));
    }

    /** For clients that have their addresses in their code: the way to those leads to us. */
    private void tunnels(Map<String, String> variables, Caller caller) {
        int port = proxy.port()
                .orElseThrow(() -> new AzureException(Errors.invalidParameter(
                        "mode", "the proxy is switched off; start the emulator with --proxy-port auto.")));
        String host = Endpoints.name(caller);
        String url = "http://" + host + ":" + port;
        String without = Stream.of("localhost", "127.0.0.1", "::1", Names.unbracketed(host))
                .distinct()
                .collect(Collectors.joining(","));
        // In both forms: clients read one of them first, and not all the same.
        for (String name : List.of("HTTPS_PROXY", "https_proxy")) {
            variables.put(name, url);
        }
        for (String name : List.of("NO_PROXY", "no_proxy")) {
            variables.put(name, without);
        }
        // curl is a way to look at a tunnel, and knows neither of the names that follow where it was built with its
        // own.
        variables.put("CURL_CA_BUNDLE", certificates.bundle().toString());
        variables.put("AZURE_CONFIG_DIR", configFolder("proxy"));
        // The SDKs before 2020 know managed identity by these names.
        variables.put("MSI_ENDPOINT", endpoints.http(caller) + "/msi/token");
        variables.put("MSI_SECRET", "malachite");
        // No Java program reads the variables above: java $MALACHITE_CLIENT_JVM_OPTIONS -jar …
        variables.put(
                ConnectProxy.CLIENT_MARK,
                "-Dhttps.proxyHost=%s -Dhttps.proxyPort=%d -Djavax.net.ssl.trustStore=%s -Djavax.net.ssl.trustStorePassword=%s"
                        .formatted(Names.unbracketed(host), port, certificates.trustStore(), TrustStore.PASSWORD));
    }

    private String configFolder(String of) {
        String name = of.replaceAll("[^A-Za-z0-9.-]", "_");
        Path folder = settings.data().toAbsolutePath().resolve("azure-config").resolve(name);
        try {
            return Files.createDirectories(folder).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
