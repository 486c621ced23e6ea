package dev.malachite.server.web;

import dev.malachite.api.AzureError;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** Errors as MLflow's clients read them: they switch on {@code error_code}, and retry some of them. */
final class MlflowEnvelope {

    private static final Pattern ITS_OWN = Pattern.compile("[A-Z]+(_[A-Z]+)+");

    private MlflowEnvelope() {}

    static ObjectNode of(AzureError error) {
        return Json.object().put("error_code", code(error)).put("message", error.message());
    }

    private static String code(AzureError error) {
        if (ITS_OWN.matcher(error.code()).matches()) {
            return error.code();
        }
        return switch (error.status()) {
            case 400, 413 -> "INVALID_PARAMETER_VALUE";
            case 401 -> "UNAUTHENTICATED";
            case 403 -> "PERMISSION_DENIED";
            case 404 -> "RESOURCE_DOES_NOT_EXIST";
            case 405 -> "ENDPOINT_NOT_FOUND";
            case 409 -> "RESOURCE_CONFLICT";
            case 429 -> "REQUEST_LIMIT_EXCEEDED";
            case 503 -> "TEMPORARILY_UNAVAILABLE";
            case 507 -> "RESOURCE_EXHAUSTED";
            default -> error.status() < 500 ? "BAD_REQUEST" : "INTERNAL_ERROR";
        };
    }
}
