package dev.malachite.server.job;

import dev.malachite.server.identity.NodeIdentities;
import dev.malachite.server.identity.NodeIdentity;
import dev.malachite.server.identity.RunIdentity;
import dev.malachite.server.run.RunChanges;
import dev.malachite.server.run.RunTokens;
import dev.malachite.server.run.RunView;
import dev.malachite.server.runtime.JobFile;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.runtime.NodeSpec;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private final RunChanges runs;

    NodeVariables(ObjectProvider<NodeIdentities> identities, RunChanges runs) {
        this.identities = identities;
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
            identity(variables, machine, runtime.emulatorUrl(node), token);
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
                runs.patch(workspace.id(), run.runId(), change);
            }
        }
        return variables;
    }

    /**
     * The service's own variables, which a cluster with an identity has; azure-identity and msrestazure look for the first.
     * The latter shows no secret where it does not take itself for App Service, so the place itself has it too.
     */
    private static void identity(
            Map<String, String> variables, List<NodeIdentity> machine, String emulator, RunTokens.RunToken token) {
        variables.put("MSI_ENDPOINT", emulator + "/msi/token?secret=" + token.value());
        variables.put("MSI_SECRET", token.value());
        machine.stream()
                .filter(identity -> identity.resourceId().isPresent())
                .findFirst()
                .ifPresent(identity -> variables.put("DEFAULT_IDENTITY_CLIENT_ID", identity.clientId()));
    }
}
