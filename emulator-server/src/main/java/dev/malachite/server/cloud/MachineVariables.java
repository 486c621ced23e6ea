package dev.malachite.server.cloud;

import java.util.LinkedHashMap;
import java.util.Map;

/** The variables that point the programs in a compute instance's machine at us: as a shell's, but nobody signs in there. */
public final class MachineVariables {

    private MachineVariables() {}

    /**
     * The variables.
     *
     * @param emulator our address as the machine knows it, no slash at the end
     * @param token the instance's own, in the place of App Service's secret
     */
    public static Map<String, String> of(String emulator, String subscription, String token) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("ARM_CLOUD_METADATA_URL", emulator + "/metadata/endpoints?api-version=2019-05-01");
        variables.put("AZUREML_CURRENT_CLOUD", CloudController.OWN_NAME);
        variables.put("REGISTRY_DISCOVERY_ENDPOINT_URL", emulator);
        variables.put("AZURE_CORE_INSTANCE_DISCOVERY", "false");
        variables.put("AZURE_SUBSCRIPTION_ID", subscription);
        // Managed identity as App Service has it, under the names of azure-identity and under those of azureml-core.
        variables.put("IDENTITY_ENDPOINT", emulator + "/msi/token");
        variables.put("IDENTITY_HEADER", token);
        variables.put("MSI_ENDPOINT", emulator + "/msi/token");
        variables.put("MSI_SECRET", token);
        // Without it azureml-core shows no secret: msrestazure.azure_active_directory, _is_app_service.
        variables.put("APPSETTING_WEBSITE_SITE_NAME", "AMLComputeInstance");
        return variables;
    }
}
