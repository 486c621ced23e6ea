package dev.malachite.server.job;

import dev.malachite.api.Errors;
import dev.malachite.engine.Command;
import dev.malachite.engine.ComputeKind;
import dev.malachite.engine.VmPriority;
import dev.malachite.engine.VmSize;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.Regions;
import dev.malachite.server.workspace.Workspace;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Azure Container Instances as a target of runs, which the SDKs of 2018 have (document 000): a container for one run, in a
 * region and of a size of the run's own choice. None is ever kept, so none can be attached.
 */
@Component
class ContainerInstances {

    private static final String SECTION = "containerInstance";

    /** Document 000; they need not be where the workspace is. */
    private static final List<String> REGIONS =
            List.of("westus", "eastus", "westeurope", "northeurope", "westus2", "southeastasia");

    /** The biggest container group that all regions give (the page on quotas that document 000 points to). */
    private static final int MOST_CORES = 4;

    private static final int MOST_MEMORY_GB = 16;
    private static final int MIB = 1024;

    private final Serverless serverless;

    ContainerInstances(Serverless serverless) {
        this.serverless = serverless;
    }

    /** The command that makes the run's container. */
    Command.PutTarget target(Workspace workspace, String run, RunConfiguration configuration) {
        ObjectNode asked = Json.objectAt(configuration.configuration(), SECTION);
        if (Distribution.ofConfiguration(configuration.configuration()).nodes() > 1) {
            throw refused("nodeCount", "a run on a container instance has one node");
        }
        String region = region(asked);
        double cores = amount(asked, "cpuCores", MOST_CORES);
        double memory = amount(asked, "memoryGb", MOST_MEMORY_GB);
        // Parts of a core are kept for the container as a whole one.
        VmSize size = new VmSize("ContainerInstance", VmSize.CONTAINER_FAMILY, (int) Math.ceil(cores), 0, (long)
                Math.ceil(memory * MIB));
        return serverless.target(
                workspace,
                Serverless.name("container", run),
                new ComputeKind.Serverless(size, VmPriority.DEDICATED, 1, run),
                region,
                "Container instance of the run %s.".formatted(run));
    }

    private static String region(ObjectNode asked) {
        String region = Json.string(asked, "region")
                .filter(text -> !text.isBlank())
                .map(Regions::canonical)
                .orElseThrow(() -> refused("region", "it is required: one of " + String.join(", ", REGIONS)));
        if (!REGIONS.contains(region)) {
            throw refused(
                    "region",
                    "container instances are available in %s, not in '%s'"
                            .formatted(String.join(", ", REGIONS), region));
        }
        return region;
    }

    private static double amount(ObjectNode asked, String name, int most) {
        JsonNode value = Json.member(asked, name);
        if (!value.isNumber() || !(value.doubleValue() > 0) || value.doubleValue() > most) {
            throw refused(
                    name,
                    String.format(
                            Locale.ROOT,
                            "a number above 0 and up to %d is required, not %s",
                            most,
                            value.isMissingNode() ? "nothing" : value));
        }
        return value.doubleValue();
    }

    private static AzureException refused(String part, String why) {
        return new AzureException(
                Errors.userError("%s.%s of the run configuration: %s.".formatted(SECTION, part, why)));
    }
}
