package dev.malachite.server.compute;

import dev.malachite.engine.QuotaKey;
import dev.malachite.engine.QuotaRules;
import dev.malachite.engine.QuotaScope;
import dev.malachite.engine.State;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.WorkspaceService;
import java.util.ArrayList;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How many cores are used and allowed in a region (service-facts.md, Quota; the types are those of the published example). */
@RestController
class UsageController {

    private static final String PROVIDER = "Microsoft.MachineLearningServices";
    private static final String LOCATION = "/subscriptions/{sub}/providers/" + PROVIDER + "/locations/{location}";

    private final ControlLoop loop;
    private final VmSizes sizes;
    private final WorkspaceService workspaces;

    UsageController(ControlLoop loop, VmSizes sizes, WorkspaceService workspaces) {
        this.workspaces = workspaces;
        this.loop = loop;
        this.sizes = sizes;
    }

    @GetMapping(LOCATION + "/usages")
    ObjectNode usages(@PathVariable String sub, @PathVariable String location) {
        Row row = row("usages", sub, location);
        ObjectNode page = Json.object();
        ArrayNode value = page.putArray("value");
        value.add(row.json("totalCores", QuotaKey.COMPUTES, "Clusters", false));
        cores(row, value);
        return page;
    }

    @GetMapping(LOCATION + "/quotas")
    ObjectNode quotas(@PathVariable String sub, @PathVariable String location) {
        Row row = row("quotas", sub, location);
        ObjectNode page = Json.object();
        ArrayNode value = page.putArray("value");
        cores(row, value);
        value.addAll(shares(row.scope()));
        return page;
    }

    /** What workspaces have been given of it. */
    private List<ObjectNode> shares(QuotaScope scope) {
        List<ObjectNode> shares = new ArrayList<>();
        loop.state()
                .limits()
                .forEach((key, limit) -> key.workspace()
                        .filter(_ -> key.scope().equals(scope))
                        .flatMap(workspaces::find)
                        .ifPresent(workspace -> {
                            ObjectNode share = Json.object()
                                    .put("id", workspace.armId() + "/quotas/" + key.family())
                                    .put("type", PROVIDER + "/workspaces/quotas")
                                    .put("unit", "Count")
                                    .put("limit", limit)
                                    .put("amlWorkspaceLocation", workspace.location());
                            share.putObject("name").put("value", key.family()).put("localizedValue", key.family());
                            shares.add(share);
                        }));
        return shares;
    }

    private Row row(String what, String subscription, String location) {
        return new Row(
                loop.state(),
                new QuotaScope(subscription, location.replace(" ", "")),
                what,
                "/subscriptions/%s/providers/%s/locations/%s/".formatted(subscription, PROVIDER, location));
    }

    private void cores(Row row, ArrayNode value) {
        value.add(row.json("dedicatedCores", QuotaKey.TOTAL, "Total Cluster Dedicated Regional vCPUs", false));
        value.add(
                row.json("lowPriorityCores", QuotaKey.LOW_PRIORITY, "Total Cluster LowPriority Regional vCPUs", false));
        for (VmSizes.Family family : sizes.families()) {
            value.add(row.json("vmFamily", family.name(), family.name(), family.gpus()));
        }
    }

    /** What all entries of a list share. */
    private record Row(State state, QuotaScope scope, String what, String base) {

        ObjectNode json(String type, String pool, String name, boolean gpus) {
            QuotaKey key = new QuotaKey(scope, pool);
            ObjectNode json = Json.object()
                    .put("id", base + type + "/" + pool + "/" + what)
                    .put("type", PROVIDER + "/" + type + "/" + what)
                    .put("unit", "Count")
                    .put("amlWorkspaceLocation", scope.location())
                    .put("currentValue", state.used(key))
                    .put("limit", QuotaRules.limit(state, key, gpus));
            json.putObject("name").put("value", name).put("localizedValue", name);
            return json;
        }
    }
}
