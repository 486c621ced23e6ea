package dev.malachite.server.job;

import dev.malachite.server.identity.NodeIdentities;
import dev.malachite.server.identity.NodeIdentity;
import dev.malachite.server.identity.RunIdentity;
import dev.malachite.server.run.RunChanges;
import dev.malachite.server.run.RunTokens;
import dev.malachite.server.run.RunView;
import dev.malachite.server.run.Runs;
import dev.malachite.server.runtime.JobFile;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.runtime.NodeSpec;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** What a job is told of the machine that it runs on: its managed identities and its GPUs. */
@Component
class NodeVariables {

    /** Batch's name for it, which azureml-core's estimators read (service-facts, Env of a job). */
    private static final String GPUS = "AZ_BATCHAI_NUM_GPUS_PER_NODE";

    /** The run's property that says what its log says. */
    private static final String WARNING = "_malachite.warning";

    private final ObjectProvider<NodeIdentities> identities;
    private final Runs runs;
    private final RunChanges changes;

    NodeVariables(ObjectProvider<NodeIdentities> identities, Runs runs, RunChanges changes) {
        this.identities = identities;
        this.changes = changes;
        this.runs = runs;
    }

    Map<String, String> of(
            Workspace workspace, RunView run, NodeSpec node, NodeRuntime runtime, RunTokens.RunToken token)
            throws IOException {
        Map<String, String> variables = new LinkedHashMap<>();
        RunIdentity self = new RunIdentity(workspace.ref(), workspace.id(), run.runId(), token.expires());
        List<NodeIdentity> machine =
                identities.stream().flatMap(known -> known.of(self).stream()).toList();
        if (!machine.isEmpty()) {
            // Of the service's own, azure-identity and msrestazure look for the first. The latter shows no secret where
            // it does
            // not take itself for App Service, so the place itself has it too.
            variables.put("MSI_ENDPOINT", runtime.emulatorUrl(node) + "/msi/token?secret=" + token.value());
            variables.put("MSI_SECRET", token.value());
            defaultClient(run, machine).ifPresent(client -> variables.put("DEFAULT_IDENTITY_CLIENT_ID", client));
        }
        if (node.gpus() > 0) {
            variables.put(GPUS, Integer.toString(node.gpus()));
            if (!runtime.hasGpus()) {
                String warning =
                        "Warning: the VM size has %d GPU(s), but this machine has none for its nodes: the job finds no device, only the number in %s."
                                .formatted(node.gpus(), GPUS);
                variables.put(JobFile.NOTICE, warning);
                ObjectNode change = Json.object();
                change.putObject("properties").put(WARNING, warning);
                changes.patch(workspace.id(), run.runId(), change);
            }
        }
        return variables;
    }

    /**
     * Whom libraries are to ask for: who the job says that it is, or the first that the user gave to the cluster. One that the
     * cluster does not have is not found when a token is asked for.
     */
    private Optional<String> defaultClient(RunView run, List<NodeIdentity> machine) {
        ObjectNode wanted = runs.definition(run.id().workspace(), run.runId())
                .map(job -> Json.objectAt(job, "identity"))
                .filter(identity ->
                        Json.string(identity, "identityType").orElse("").equalsIgnoreCase("Managed"))
                .orElseGet(Json::object);
        return Json.string(wanted, "clientId")
                .or(() -> client(machine, Json.string(wanted, "objectId"), NodeIdentity::principalId))
                .or(() -> client(
                        machine,
                        Json.string(wanted, "resourceId"),
                        identity -> identity.resourceId().orElse("")))
                .or(() -> machine.stream()
                        .filter(identity -> identity.resourceId().isPresent())
                        .findFirst()
                        .map(NodeIdentity::clientId));
    }

    private static Optional<String> client(
            List<NodeIdentity> machine, Optional<String> wanted, Function<NodeIdentity, String> part) {
        return wanted.flatMap(name -> machine.stream()
                .filter(identity -> part.apply(identity).equalsIgnoreCase(name))
                .findFirst()
                .map(NodeIdentity::clientId));
    }
}
