package dev.malachite.server.identity;

import dev.malachite.api.AzureError;
import dev.malachite.api.Errors;
import dev.malachite.server.workspace.WorkspaceRef;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * What a run token is good for: its own workspace's data plane, and there its own run, those below it, reading all others,
 * and what a script's SDK reads of the workspace; of Resource Manager what {@link RunArmRules} has.
 */
@Component
class RunTokenRules {

    private static final Set<List<String>> MODELS = Set.of(List.of("assets"), List.of("models"));

    private static final Set<List<String>> DATASETS = Set.of(List.of("datasets"), List.of("saveddatasets"));

    private static final List<String> PLACE = List.of("artifacts", "write");

    /** What concerns everybody's experiments and models is no job's to do. */
    private static final Set<List<String>> PEOPLES = Set.of(
            List.of("experiments", "update"),
            List.of("experiments", "delete"),
            List.of("experiments", "restore"),
            List.of("registered-models", "rename"),
            List.of("registered-models", "delete"),
            List.of("model-versions", "delete"));

    private final RunScope scope;

    RunTokenRules(RunScope scope) {
        this.scope = scope;
    }

    /** Why the run may not do this; empty when it may. */
    Optional<AzureError> refuse(RunIdentity run, String method, Route route) {
        if (route.kind() != Route.Kind.DATA_PLANE && route.kind() != Route.Kind.ARM) {
            return Optional.of(Errors.forbidden("A run token is good for its own workspace only."));
        }
        Optional<WorkspaceRef> workspace = route.workspace();
        if (workspace.isEmpty() || !run.isIn(workspace.get())) {
            return Optional.of(
                    Errors.forbidden("The run token of '%s' belongs to another workspace.".formatted(run.runId())));
        }
        if (route.kind() == Route.Kind.ARM) {
            return RunArmRules.allow(method, route.tail())
                    ? Optional.empty()
                    : Optional.of(Errors.forbidden(
                            "The identity of the job '%s' may read its workspace and make assets in it; it may not %s this."
                                    .formatted(run.runId(), method)));
        }
        Optional<String> named = route.run();
        if (named.isEmpty()) {
            return namesNoRun(method, route)
                    ? Optional.empty()
                    : Optional.of(
                            Errors.forbidden("The token of run '%s' is not good for this: it is no part of the run."
                                    .formatted(run.runId())));
        }
        return named.filter(other -> !mayTouch(run, method, other, handsOutAPlace(route)))
                .map(other -> Errors.forbidden(
                        "The token of run '%s' is not good for run '%s'.".formatted(run.runId(), other)));
    }

    private boolean mayTouch(RunIdentity own, String method, String other, boolean handsOutAPlace) {
        return switch (method) {
            // An SDK makes a child by a PATCH of an id of its own choice; the controller asks whose child it shall be.
            case "PATCH" -> scope.covers(own, other) || !scope.exists(own, other);
            // What runs of its workspace have logged any job may read, as a step does of the steps before it.
            case "GET", "HEAD" -> !handsOutAPlace || scope.covers(own, other);
            default -> scope.covers(own, other);
        };
    }

    /** Where runs stand in the body, the controller asks about each. */
    private static boolean namesNoRun(String method, Route route) {
        String root = route.at(0);
        if (method.equals("GET") || method.equals("HEAD")) {
            // Some reads of artifacts answer with the right to write.
            return !root.equals("artifact");
        }
        return switch (root) {
            case "history" ->
                switch (method) {
                    case "POST" -> mayPost(route.tail());
                    case "PATCH" -> belowExperiment(route.tail()).equals(List.of("batch", "runs"));
                    default -> false;
                };
            // MLflow names runs in bodies and queries only: its controllers ask about each.
            case "mlflow" -> !PEOPLES.contains(mlflowCall(route.tail()));
            // A script registers the model that it has made, and reads secrets.
            case "modelmanagement" -> method.equals("POST") && MODELS.contains(route.tail());
            // A script saves and registers the dataset that it has made.
            case "dataset" -> method.equals("POST") && DATASETS.contains(route.tail());
            case "credential" -> method.equals("POST") && route.tail().equals(List.of("secrets:getbatch"));
            // Run.submit_child: a snapshot, and a run whose parent the controller asks about.
            case "content" -> method.equals("POST") && isSnapshot(route.tail());
            case "execution" ->
                method.equals("POST") && belowExperiment(route.tail()).equals(List.of("snapshotrun"));
            case "data", "modelregistry" -> asksWhereAssetsAre(root, route.tail());
            default -> false;
        };
    }

    /** Content is only ever added; whoever sends it says which id it shall have. */
    private static boolean isSnapshot(List<String> tail) {
        return tail.size() == 2 && tail.getFirst().equals("snapshots");
    }

    /** A place to write a run's files to is the right to write them, though a GET asks for it. */
    private static boolean handsOutAPlace(Route route) {
        List<String> tail = route.tail();
        return route.at(0).equals("artifact")
                ? tail.size() > 1 && tail.get(1).equals("write")
                : tail.size() > 1 && tail.subList(tail.size() - 2, tail.size()).equals(PLACE);
    }

    /** What stands behind {@code api/2.0/mlflow} or {@code api/2.0/preview/mlflow}. */
    private static List<String> mlflowCall(List<String> tail) {
        int root = tail.size() > 2 && tail.get(2).equals("preview") ? 3 : 2;
        return tail.size() > root && tail.get(root).equals("mlflow") ? tail.subList(root + 1, tail.size()) : List.of();
    }

    private static boolean asksWhereAssetsAre(String root, List<String> tail) {
        return (root.equals("data") && tail.equals(List.of("dataversion", "batchgetresolveduris")))
                || (root.equals("modelregistry") && tail.equals(List.of("models", "batchgetresolveduris")));
    }

    private static boolean mayPost(List<String> tail) {
        return tail.equals(List.of("runs:query"))
                || tail.equals(List.of("experiments:query"))
                || tail.equals(List.of("rundata"))
                || (tail.size() == 2 && tail.getFirst().equals("experiments"))
                || belowExperiment(tail).equals(List.of("runs:query"))
                || belowExperiment(tail).equals(List.of("batch", "events"));
    }

    private static List<String> belowExperiment(List<String> tail) {
        boolean below = tail.size() > 2
                && (tail.getFirst().equals("experiments") || tail.getFirst().equals("experimentids"));
        return below ? tail.subList(2, tail.size()) : List.of();
    }
}
