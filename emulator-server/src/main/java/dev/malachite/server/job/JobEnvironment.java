package dev.malachite.server.job;

import dev.malachite.server.run.RunTokens;
import dev.malachite.server.run.RunView;
import dev.malachite.server.workspace.Workspace;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The variables that the SDKs look for inside a job (sdk-v1.md 6): if one is missing, {@code Run.get_context()} silently
 * becomes an offline run.
 */
final class JobEnvironment {

    private JobEnvironment() {}

    static Map<String, String> of(
            Workspace workspace, RunView run, int attempt, String emulator, RunTokens.RunToken token) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("AZUREML_RUN_ID", run.runId());
        variables.put("AZUREML_ARM_SUBSCRIPTION", workspace.ref().subscription());
        variables.put("AZUREML_ARM_RESOURCEGROUP", workspace.ref().resourceGroup());
        variables.put("AZUREML_ARM_WORKSPACE_NAME", workspace.name());
        variables.put("AZUREML_ARM_PROJECT_NAME", run.experiment());
        variables.put("AZUREML_EXPERIMENT_ID", run.experimentId());
        variables.put("AZUREML_WORKSPACE_ID", workspace.id().value());
        variables.put("AZUREML_WORKSPACE_SCOPE", workspace.armId());
        variables.put("AZUREML_EXPERIMENT_SCOPE", workspace.armId() + "/experiments/" + run.experiment());
        variables.put("AZUREML_SERVICE_ENDPOINT", emulator);
        variables.put("AZUREML_DISCOVERY_SERVICE_ENDPOINT", emulator + "/discovery");
        variables.put("AZUREML_RUN_TOKEN", token.value());
        variables.put("AZUREML_RUN_TOKEN_EXPIRY", Long.toString(token.expires().getEpochSecond()));
        // App Service's managed identity, with the run's token for its secret: DefaultAzureCredential works as it is.
        variables.put("IDENTITY_ENDPOINT", emulator + "/msi/token");
        variables.put("IDENTITY_HEADER", token.value());
        // MLClient looks here for the cloud that it is in.
        variables.put("ARM_CLOUD_METADATA_URL", emulator + "/metadata/endpoints?api-version=2019-05-01");
        variables.put("AZURE_SUBSCRIPTION_ID", workspace.ref().subscription());
        variables.put("AZUREML_OUTPUT_DIRECTORY", "outputs");
        variables.put("AZUREML_MALACHITE_ATTEMPT", Integer.toString(attempt));
        variables.put("MALACHITE_SCHEDULED_EVENTS", emulator + "/metadata/scheduledevents?api-version=2020-07-01");
        variables.put("MLFLOW_TRACKING_URI", emulator + "/mlflow/v1.0" + workspace.armId());
        variables.put("MLFLOW_TRACKING_TOKEN", token.value());
        variables.put("MLFLOW_RUN_ID", run.runId());
        variables.put("MLFLOW_EXPERIMENT_ID", run.experimentId());
        variables.put("MLFLOW_EXPERIMENT_NAME", run.experiment());
        return variables;
    }
}
