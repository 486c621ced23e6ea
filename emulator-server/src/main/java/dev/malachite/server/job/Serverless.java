package dev.malachite.server.job;

import dev.malachite.api.AzureError;
import dev.malachite.api.Errors;
import dev.malachite.engine.Command;
import dev.malachite.engine.ComputeKind;
import dev.malachite.engine.OperationId;
import dev.malachite.engine.QuotaScope;
import dev.malachite.engine.RuntimeKind;
import dev.malachite.engine.TargetId;
import dev.malachite.engine.VmPriority;
import dev.malachite.engine.VmSize;
import dev.malachite.server.compute.VmSizes;
import dev.malachite.server.runtime.Runtimes;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** The compute of jobs that name none: made for one job, of the size that it asks for. */
@Component
class Serverless {

    /** What the service takes where a job names no size is in no source that was seen; this one is cheap and common. */
    private static final String USUAL_SIZE = "Standard_DS3_v2";

    /** What the SDK may send in the place of a compute's name. */
    private static final String NAME = "serverless";

    private static final int DIGITS = 12;

    private final VmSizes sizes;
    private final Runtimes runtimes;

    Serverless(VmSizes sizes, Runtimes runtimes) {
        this.sizes = sizes;
        this.runtimes = runtimes;
    }

    /** Whether a job that names this compute wants serverless compute. */
    static boolean isWanted(Optional<String> computeId) {
        return computeId
                .filter(id -> !id.substring(id.lastIndexOf('/') + 1).equalsIgnoreCase(NAME))
                .isEmpty();
    }

    RuntimeKind runtime() {
        return runtimes.preferred();
    }

    /**
     * The command that makes it.
     *
     * @param definition the job's properties
     */
    Command.PutTarget target(Workspace workspace, String run, ObjectNode definition, int nodes) {
        ObjectNode resources = Json.objectAt(definition, "resources");
        String wanted = Json.string(resources, "instanceType")
                .filter(text -> !text.isBlank())
                .orElse(USUAL_SIZE);
        VmSize size = sizes.forCluster(wanted, workspace.location())
                .orElseThrow(() -> new AzureException(new AzureError(
                        400,
                        "InvalidVmSize",
                        "The instance type '%s' is not supported for jobs in this region. The vmSizes list has those that are."
                                .formatted(wanted))));
        VmPriority priority = priority(definition);
        if (priority == VmPriority.LOW_PRIORITY && !sizes.lowPriorityCapable(size)) {
            throw new AzureException(
                    Errors.userError("The instance type '%s' cannot be had in the tier Spot.".formatted(size.name())));
        }
        return target(
                workspace,
                name(NAME, run),
                new ComputeKind.Serverless(size, priority, nodes, run),
                workspace.location(),
                "Serverless compute of the job %s.".formatted(run));
    }

    /** The command that makes compute for one run, in a region of its own choice. */
    Command.PutTarget target(
            Workspace workspace, String name, ComputeKind.Serverless kind, String region, String description) {
        return new Command.PutTarget(
                new TargetId(workspace.id(), name),
                name,
                kind,
                new QuotaScope(workspace.ref().subscription(), region),
                document(region, description),
                runtimes.preferred(),
                new OperationId(UUID.randomUUID().toString()),
                Optional.empty());
    }

    /** Short enough for a compute, and another one for each job. */
    static String name(String kind, String run) {
        String digits = UUID.nameUUIDFromBytes(run.getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
        return kind + "-" + digits.substring(0, DIGITS);
    }

    private static String document(String region, String description) {
        ObjectNode document = Json.object().put("location", region);
        ObjectNode properties = document.putObject("properties");
        properties.put("computeType", "AmlCompute");
        properties.put("description", description);
        properties.putObject("properties");
        return Json.text(document);
    }

    private static VmPriority priority(ObjectNode definition) {
        String tier = Json.string(Json.objectAt(definition, "queueSettings"), "jobTier")
                .orElse("Null")
                .toLowerCase(Locale.ROOT);
        return switch (tier) {
            case "spot" -> VmPriority.LOW_PRIORITY;
            case "null", "basic", "standard", "premium" -> VmPriority.DEDICATED;
            default ->
                throw new AzureException(Errors.invalidParameter(
                        "properties.queueSettings.jobTier",
                        "it is Null, Spot, Basic, Standard or Premium, not '%s'.".formatted(tier)));
        };
    }
}
