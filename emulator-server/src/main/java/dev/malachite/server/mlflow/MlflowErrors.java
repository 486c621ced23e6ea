package dev.malachite.server.mlflow;

import dev.malachite.api.AzureError;
import dev.malachite.server.web.AzureException;

/** MLflow's own error codes, with the statuses that its server gives them (mlflow/exceptions.py). */
final class MlflowErrors {

    private MlflowErrors() {}

    static AzureException invalid(String message) {
        return new AzureException(new AzureError(400, "INVALID_PARAMETER_VALUE", message));
    }

    static AzureException missing(String message) {
        return new AzureException(new AzureError(404, "RESOURCE_DOES_NOT_EXIST", message));
    }

    static AzureException exists(String message) {
        return new AzureException(new AzureError(400, "RESOURCE_ALREADY_EXISTS", message));
    }

    static AzureException noEndpoint(String message) {
        return new AzureException(new AzureError(404, "ENDPOINT_NOT_FOUND", message));
    }

    static AzureException noRun(String run) {
        return missing("Run with id=%s not found".formatted(run));
    }
}
