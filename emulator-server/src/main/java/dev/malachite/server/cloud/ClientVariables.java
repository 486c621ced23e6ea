package dev.malachite.server.cloud;

import dev.malachite.server.Settings;
import dev.malachite.server.identity.Tokens;
import dev.malachite.server.tls.Certificates;
import dev.malachite.server.web.Caller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The variables that point one shell's programs at us: the v1 SDK, the v2 SDK and the Azure CLI. */
@Component
class ClientVariables {

    private final Endpoints endpoints;
    private final Certificates certificates;
    private final Settings settings;

    ClientVariables(Endpoints endpoints, Certificates certificates, Settings settings) {
        this.endpoints = endpoints;
        this.certificates = certificates;
        this.settings = settings;
    }

    Map<String, String> of(Caller caller, String subscription) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("ARM_CLOUD_METADATA_URL", endpoints.https(caller) + "/metadata/endpoints?api-version=2019-05-01");
        variables.put("AZUREML_CURRENT_CLOUD", CloudController.OWN_NAME);
        // The v2 SDK would ask a public host, which is not there, about a registry; we say that there are none.
        variables.put("REGISTRY_DISCOVERY_ENDPOINT_URL", endpoints.https(caller));
        variables.put("REQUESTS_CA_BUNDLE", certificates.bundle().toString());
        variables.put("SSL_CERT_FILE", certificates.bundle().toString());
        variables.put("AZURE_CONFIG_DIR", configFolder(caller).toString());
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

    /** One folder for each address: the v1 SDK reads the cloud's metadata once and keeps it there for ever. */
    private Path configFolder(Caller caller) {
        String name = endpoints.httpsHost(caller).replaceAll("[^A-Za-z0-9.-]", "_");
        Path folder = settings.data().toAbsolutePath().resolve("azure-config").resolve(name);
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
