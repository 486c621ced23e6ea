package dev.malachite.server.web;

import dev.malachite.api.AzureError;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/** What an error looks like, by API family. */
public final class Envelopes {

    /** Paths of the data plane: their errors carry {@code details} and {@code correlation}, or the v1 SDK breaks on them. */
    private static final List<String> DATA_PLANE = List.of(
            "/history/",
            "/execution/",
            "/content/",
            "/artifact/",
            "/metric/",
            "/environment/",
            "/modelmanagement/",
            "/datastore/",
            "/credential/",
            "/data/",
            "/dataset/",
            "/modelregistry/");

    private static final String MLFLOW = "/mlflow/";

    private Envelopes() {}

    /** The body for an error on a path. */
    public static ObjectNode of(AzureError error, String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        if (lower.startsWith(MLFLOW)) {
            return MlflowEnvelope.of(error);
        }
        ObjectNode envelope = Json.object();
        ObjectNode inner = envelope.putObject("error");
        inner.put("code", error.code());
        inner.put("message", error.message());
        if (lower.startsWith("/hyperdrive/")) {
            // What its client's model of an error requires (azureml-train-core: ErrorResponse).
            envelope.put("code", error.status());
            envelope.put("message", error.message());
        }
        if (DATA_PLANE.stream().anyMatch(lower::startsWith)) {
            inner.put("code", error.status() < 500 ? "UserError" : "ServiceError");
            inner.putNull("target");
            inner.putArray("details");
            inner.putObject("innerError").put("code", error.code()).putNull("innerError");
            envelope.putObject("correlation")
                    .put("operation", UUID.randomUUID().toString())
                    .put("request", UUID.randomUUID().toString());
            envelope.put("environment", "malachite");
            envelope.put("location", "local");
            envelope.put("time", InstantSource.system().instant().toString());
            if (lower.startsWith("/modelmanagement/")) {
                // This service has them at the top, where azureml-core looks for the status.
                envelope.put("code", error.code())
                        .put("statusCode", error.status())
                        .put("message", error.message())
                        .putArray("details");
            }
        }
        return envelope;
    }
}
