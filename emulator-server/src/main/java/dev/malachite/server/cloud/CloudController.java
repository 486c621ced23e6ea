package dev.malachite.server.cloud;

import dev.malachite.server.web.Caller;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.StorageSuffix;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What clients ask before they have a token: the cloud's endpoints, and where a region's services are. */
@RestController
class CloudController {

    /** First, because the v2 SDK takes a built-in name for public Azure. */
    static final String OWN_NAME = "Malachite";

    /** Every service is here. The v1 SDK breaks without the first six. */
    private static final List<String> SERVICES = List.of(
            "api",
            "history",
            "experimentation",
            "modelmanagement",
            "hyperdrive",
            "pipelines",
            "notebooks",
            "rlservice",
            "registry",
            "catalog",
            "execution");

    private final Endpoints endpoints;

    CloudController(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    /** Early versions are a list of clouds, from 2020 on it is the one cloud; the v1 SDK asks for 2019-05-01. */
    @GetMapping("/metadata/endpoints")
    JsonNode metadata(@RequestParam(name = "api-version", required = false) String @Nullable [] version) {
        Caller caller = Caller.current();
        if (version != null && version.length > 0 && version[0].compareTo("2020") >= 0) {
            return cloud(OWN_NAME, caller);
        }
        ArrayNode clouds = Json.array();
        // The second with the same values: the v1 SDK's defaults ask for it by name.
        return clouds.add(cloud(OWN_NAME, caller)).add(cloud("AzureCloud", caller));
    }

    @GetMapping({"/discovery", "/discovery/{*region}"})
    ObjectNode discovery() {
        String base = Caller.current().base();
        ObjectNode services = Json.object();
        SERVICES.forEach(service -> services.put(service, base));
        return services.put("studio", base + "/studio");
    }

    private ObjectNode cloud(String name, Caller caller) {
        String base = endpoints.https(caller);
        ObjectNode cloud = Json.object()
                .put("name", name)
                // From this one's second full stop on the v2 SDK builds the audience https://ml.azure.com.
                .put("portal", "https://portal.azure.com")
                // No slash at the end: it must be a part of the metadata URL, and clients append paths as text.
                .put("resourceManager", base);
        ObjectNode authentication = cloud.putObject("authentication")
                // MSAL asks no public host about an authority whose path begins with adfs; the SDKs put the tenant
                // in the place of the last segment or behind it.
                .put("loginEndpoint", endpoints.login(caller) + "/adfs/tenants")
                .put("tenant", "common")
                .put("identityProvider", "AAD");
        authentication
                .putArray("audiences")
                .add("https://management.core.windows.net/")
                .add("https://management.azure.com/")
                .add(base);
        cloud.put("graph", base + "/graph")
                .put("graphAudience", base + "/graph")
                .put("microsoftGraphResourceId", base + "/graph")
                .put("gallery", base + "/gallery")
                .put("batch", "https://batch.core.windows.net/")
                .put("media", "https://rest.media.azure.net")
                .put("sqlManagement", "https://management.core.windows.net:8443/")
                .put("vmImageAliasDoc", base + "/aliases.json")
                .put("activeDirectoryDataLake", "https://datalake.azure.net/");
        cloud.putObject("suffixes")
                .put("storage", StorageSuffix.of(endpoints.httpsHost(caller)))
                .put("keyVaultDns", "vault.azure.net")
                .put("acrLoginServer", "azurecr.io")
                .put("sqlServerHostname", "database.windows.net")
                .put("azureDataLakeStoreFileSystem", "azuredatalakestore.net")
                .put("azureDataLakeAnalyticsCatalogAndJob", "azuredatalakeanalytics.net");
        return cloud;
    }
}
