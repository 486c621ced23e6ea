package dev.malachite.server.job;

import dev.malachite.api.Errors;
import dev.malachite.engine.Command;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.Locale;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * The compute of v1 runs that bring their own: {@code target="amlcompute"} with a VM size makes a cluster for the run
 * alone, {@code target="containerinstance"} a container; it is gone when the run is (document 001, "run-based creation";
 * document 000).
 */
@Component
class RunCompute {

    /** Names that stand for no compute of the workspace (the SDK refuses to make any of these names). */
    private static final String CLUSTER = "amlcompute";

    private static final String INSTANCE = "containerinstance";

    private final Serverless serverless;
    private final ContainerInstances containers;

    RunCompute(Serverless serverless, ContainerInstances containers) {
        this.serverless = serverless;
        this.containers = containers;
    }

    /** The command that makes the run's own compute; empty for a run that names one of the workspace. */
    Optional<Command.PutTarget> of(Workspace workspace, String runId, RunConfiguration configuration) {
        return switch (configuration.target().toLowerCase(Locale.ROOT)) {
            case CLUSTER -> Optional.of(cluster(workspace, runId, configuration));
            case LocalRuns.TARGET ->
                throw new AzureException(Errors.userError("Runs on the target 'local' are started by their client."));
            case INSTANCE -> Optional.of(containers.target(workspace, runId, configuration));
            default -> Optional.empty();
        };
    }

    private Command.PutTarget cluster(Workspace workspace, String runId, RunConfiguration configuration) {
        ObjectNode asked = Json.objectAt(configuration.configuration(), CLUSTER);
        String size = Json.string(asked, "vmSize")
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> new AzureException(
                        Errors.userError("Must specify VM size for the compute target to be created.")));
        if (Json.member(asked, "retainCluster").asBoolean(false)) {
            throw new AzureException(
                    Errors.userError(
                            "A cluster that is made for a run goes with it: retain_cluster is not supported by this version of Malachite."));
        }
        ObjectNode definition = Json.object();
        definition.putObject("resources").put("instanceType", size);
        definition.putObject("queueSettings").put("jobTier", tier(asked));
        int nodes = Distribution.ofConfiguration(configuration.configuration()).nodes();
        return serverless.target(workspace, runId, definition, nodes);
    }

    private static String tier(ObjectNode asked) {
        String priority =
                Json.string(asked, "vmPriority").filter(text -> !text.isBlank()).orElse("dedicated");
        return switch (priority.toLowerCase(Locale.ROOT)) {
            case "dedicated" -> "Standard";
            case "lowpriority" -> "Spot";
            default ->
                throw new AzureException(
                        Errors.userError("vm_priority is 'dedicated' or 'lowpriority', not '%s'.".formatted(priority)));
        };
    }
}
