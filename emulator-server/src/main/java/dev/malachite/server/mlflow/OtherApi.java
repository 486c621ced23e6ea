package dev.malachite.server.mlflow;

import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** What is no part of Azure ML's MLflow: traces, webhooks, the gateway. Clients get MLflow's own answer for it. */
@RestController
class OtherApi {

    private static final Pattern CALLED = Pattern.compile("/workspaces/[^/]+(/.*)$", Pattern.CASE_INSENSITIVE);

    @RequestMapping(MlflowPaths.TRACKING + "/**")
    ObjectNode other(HttpServletRequest request) {
        Matcher called = CALLED.matcher(request.getRequestURI());
        String path = called.find() ? called.group(1) : request.getRequestURI();
        String why = path.contains("/traces")
                ? "Traces are not supported by Azure Machine Learning's tracking server, nor by Malachite; "
                        + "mlflow.tracing.disable() keeps MLflow from sending them."
                : "There is no such endpoint: %s %s.".formatted(request.getMethod(), path);
        throw MlflowErrors.noEndpoint(why);
    }
}
