package dev.malachite.server.mlflow;

import dev.malachite.server.artifact.RunFiles;
import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.identity.TokenAudience;
import dev.malachite.server.run.RunView;
import dev.malachite.server.web.Caller;
import dev.malachite.server.workspace.Workspace;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * How this request's client reaches files. With a tracking URI {@code azureml://} azureml-mlflow does it, by run
 * history; with {@code https://} MLflow itself, by its own artifact routes. Each fails with the other's URIs.
 *
 * <p>On the wire the two look nearly alike, because an installed azureml-mlflow signs every request in its {@code
 * User-Agent}. But it calls only the version of the API that is its MLflow's, and only with a token of its credential,
 * which is one for our own resource manager or azureml-core's, or with a run's. So jobs are given the other version
 * ({@code job.JobEnvironment}), and a client with no token, or one for somebody else, is MLflow itself.
 */
enum ArtifactForm {
    AZUREML,
    PLAIN;

    private static final Pattern PLUGIN = Pattern.compile("\\bazureml-mlflow/");

    /** Whom azureml-core's credentials are for, whatever the cloud's metadata says. */
    private static final String CLASSIC = "https://management.core.windows.net";

    private static final Pattern CLIENT = Pattern.compile("mlflow-python-client/(\\d+)\\.");

    static ArtifactForm current() {
        return RequestContextHolder.currentRequestAttributes() instanceof ServletRequestAttributes attributes
                ? of(attributes.getRequest())
                : PLAIN;
    }

    private static ArtifactForm of(HttpServletRequest request) {
        String agent =
                Optional.ofNullable(request.getHeader(HttpHeaders.USER_AGENT)).orElse("");
        if (!PLUGIN.matcher(agent).find()) {
            return PLAIN;
        }
        Matcher client = CLIENT.matcher(agent);
        String version = client.find() && client.group(1).equals("1") ? "/mlflow/v1.0/" : "/mlflow/v2.0/";
        boolean its = request.getRequestURI().toLowerCase(Locale.ROOT).startsWith(version);
        return its && hasItsToken(request) ? AZUREML : PLAIN;
    }

    private static boolean hasItsToken(HttpServletRequest request) {
        if (CallerIdentity.current().run().isPresent()) {
            return true;
        }
        String host = Caller.of(request).host();
        // Under Azure's own names its resource manager is who tokens are for.
        boolean azures = host.endsWith(".azureml.ms") || host.endsWith(".azure.com");
        return TokenAudience.of(request)
                .filter(audience -> azures || audience.startsWith(CLASSIC) || sameHost(audience, host))
                .isPresent();
    }

    private static boolean sameHost(String audience, String host) {
        try {
            URI uri = URI.create(audience);
            return local(Optional.ofNullable(uri.getRawAuthority()).orElse("")).equals(local(host));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String local(String authority) {
        return authority.replaceFirst("^(127\\.0\\.0\\.1|\\[::1])(?=:|$)", "localhost");
    }

    /** Where the run's files are. */
    String root(Workspace workspace, RunView run) {
        return root(workspace, run.experimentId(), run.experiment(), run.runId());
    }

    String root(Workspace workspace, String experimentId, String experiment, String run) {
        return switch (this) {
            case AZUREML ->
                "azureml://%s/mlflow/v2.0%s/experiments/%s/runs/%s/artifacts"
                        .formatted(Caller.current().host(), workspace.armId(), experiment, run);
            case PLAIN -> "mlflow-artifacts:/%s/%s/artifacts".formatted(experimentId, run);
        };
    }

    /** Where files of an experiment are that are no run's. */
    String upload(String experimentId, RunFiles.Root root) {
        return switch (this) {
            case AZUREML -> "azureml://artifacts/%s/%s/%s".formatted(root.origin(), root.container(), root.below());
            case PLAIN ->
                "mlflow-artifacts:/%s/%s/%s/%s".formatted(experimentId, UPLOADS, root.container(), root.below());
        };
    }

    /** Stands in a plain URI where else a run's id is. */
    static final String UPLOADS = "uploads";
}
