package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.engine.Command;
import dev.malachite.engine.QuotaKey;
import dev.malachite.engine.QuotaRules;
import dev.malachite.engine.QuotaScope;
import dev.malachite.engine.State;
import dev.malachite.server.loop.Commands;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import dev.malachite.server.workspace.WorkspaceService;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gives workspaces shares of their subscription's cores; each wish has a status of its own (service-facts.md, Quota). The
 * words are the schema's, but for "success": azureml-core takes that one in lower case alone.
 */
@RestController
class QuotaUpdates {

    private static final Pattern SHARE = Pattern.compile(
            "/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/Microsoft.MachineLearningServices/workspaces/([^/]+)/quotas/([^/]+)",
            Pattern.CASE_INSENSITIVE);

    private static final int MAX_WISHES = 200;

    private final ControlLoop loop;
    private final Commands commands;
    private final VmSizes sizes;
    private final WorkspaceService workspaces;

    QuotaUpdates(ControlLoop loop, Commands commands, VmSizes sizes, WorkspaceService workspaces) {
        this.loop = loop;
        this.commands = commands;
        this.sizes = sizes;
        this.workspaces = workspaces;
    }

    @PostMapping("/subscriptions/{sub}/providers/Microsoft.MachineLearningServices/locations/{location}/updateQuotas")
    ObjectNode update(@PathVariable String sub, @PathVariable String location, @Body ObjectNode body) {
        JsonNode wishes = Json.member(body, "value");
        if (!wishes.isArray() || wishes.size() > MAX_WISHES) {
            throw new AzureException(
                    Errors.invalidParameter("value", "a list of up to %d quotas is expected.".formatted(MAX_WISHES)));
        }
        QuotaScope scope = new QuotaScope(sub, location.replace(" ", ""));
        ObjectNode page = Json.object();
        ArrayNode value = page.putArray("value");
        for (JsonNode wish : wishes) {
            Optional<String> id = Json.string(wish, "id");
            if (id.isEmpty()) {
                throw new AzureException(Errors.invalidParameter("value.id", "it is required."));
            }
            value.addObject()
                    .put("id", id.get())
                    .put("type", Json.string(wish, "type").orElse(null))
                    .put("unit", "Count")
                    .put("status", given(scope, id.get(), Json.member(wish, "limit")))
                    .set("limit", Json.member(wish, "limit"));
        }
        return page;
    }

    private String given(QuotaScope scope, String id, JsonNode limit) {
        Matcher share = SHARE.matcher(id);
        boolean whole = limit.isIntegralNumber() && limit.canConvertToInt() && limit.intValue() >= -1;
        if (!share.matches() || !share.group(1).equalsIgnoreCase(scope.subscription()) || !whole) {
            return "Failure";
        }
        Optional<Workspace> workspace =
                workspaces.find(new WorkspaceRef(share.group(1), share.group(2), share.group(3)));
        Optional<VmSizes.Family> family = sizes.family(share.group(4));
        if (family.isEmpty()) {
            return "InvalidVMFamilyName";
        }
        return workspace
                .map(found -> given(
                        QuotaKey.of(scope, found.id(), family.get().name()),
                        new QuotaKey(scope, family.get().name()),
                        family.get().gpus(),
                        limit.intValue()))
                .orElse("Failure");
    }

    /** A limit of -1 takes the share back. */
    private String given(QuotaKey share, QuotaKey all, boolean gpus, int limit) {
        State state = loop.state();
        if (limit > QuotaRules.limit(state, all, gpus)) {
            return "InvalidQuotaExceedsSubscriptionLimit";
        }
        if (limit >= 0 && limit < state.used(share)) {
            return "InvalidQuotaBelowClusterMinimum";
        }
        commands.execute(new Command.SetLimit(share, limit < 0 ? Optional.empty() : Optional.of((long) limit)));
        return "success";
    }
}
