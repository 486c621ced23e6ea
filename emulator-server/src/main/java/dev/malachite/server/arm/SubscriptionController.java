package dev.malachite.server.arm;

import dev.malachite.api.Errors;
import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.Regions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Subscriptions, the regions that they have, and the providers that are registered in them: all of them are. */
@RestController
class SubscriptionController {

    private static final List<String> ML_VERSIONS = List.of(
            "2026-05-01",
            "2025-12-01",
            "2025-06-01",
            "2024-10-01-preview",
            "2024-10-01",
            "2024-04-01",
            "2023-10-01",
            "2023-04-01",
            "2022-10-01",
            "2022-05-01",
            "2021-07-01",
            "2020-08-01",
            "2020-02-02",
            "2019-11-01",
            "2018-11-19");

    /** Resource types by provider; those that other services would serve stand here because clients ask for them. */
    private static final Map<String, List<String>> PROVIDERS = new TreeMap<>(Map.of(
            "Microsoft.MachineLearningServices",
            List.of(
                    "workspaces",
                    "workspaces/computes",
                    "workspaces/jobs",
                    "workspaces/environments",
                    "workspaces/datastores",
                    "locations",
                    "operations"),
            "Microsoft.Resources",
            List.of("deployments", "resourceGroups", "subscriptions"),
            "Microsoft.Storage",
            List.of("storageAccounts"),
            "Microsoft.KeyVault",
            List.of("vaults"),
            "Microsoft.Insights",
            List.of("components"),
            "Microsoft.OperationalInsights",
            List.of("workspaces"),
            "Microsoft.ContainerRegistry",
            List.of("registries")));

    private final Subscriptions subscriptions;

    SubscriptionController(Subscriptions subscriptions) {
        this.subscriptions = subscriptions;
    }

    @GetMapping("/subscriptions")
    ObjectNode list(CallerIdentity caller) {
        ArrayNode value = Json.array();
        subscriptions.list().forEach(subscription -> value.add(view(subscription, caller)));
        ObjectNode answer = Json.object().set("value", value);
        answer.putObject("count").put("type", "Total").put("value", value.size());
        return answer;
    }

    @GetMapping("/subscriptions/{sub}")
    ObjectNode get(@PathVariable String sub, CallerIdentity caller) {
        return view(subscriptions.get(sub), caller);
    }

    @GetMapping("/tenants")
    ObjectNode tenants(CallerIdentity caller) {
        ObjectNode answer = Json.object();
        answer.putArray("value")
                .addObject()
                .put("id", "/tenants/" + caller.tenant())
                .put("tenantId", caller.tenant())
                .put("displayName", "Malachite");
        return answer;
    }

    @GetMapping("/subscriptions/{sub}/locations")
    ObjectNode locations(@PathVariable String sub) {
        ArrayNode value = Json.array();
        for (String name : Regions.displayNames()) {
            String id = Regions.canonical(name);
            value.addObject()
                    .put("id", "/subscriptions/%s/locations/%s".formatted(sub, id))
                    .put("name", id)
                    .put("type", "Region")
                    .put("displayName", name)
                    .put("regionalDisplayName", name)
                    .putObject("metadata")
                    .put("regionType", "Physical")
                    .put("regionCategory", "Recommended");
        }
        return Json.object().set("value", value);
    }

    @GetMapping("/subscriptions/{sub}/providers")
    ObjectNode providers(@PathVariable String sub) {
        ArrayNode value = Json.array();
        PROVIDERS.keySet().forEach(name -> value.add(provider(sub, name)));
        return Json.object().set("value", value);
    }

    @GetMapping("/subscriptions/{sub}/providers/{namespace}")
    ObjectNode provider(@PathVariable String sub, @PathVariable String namespace) {
        String name = PROVIDERS.keySet().stream()
                .filter(known -> known.equalsIgnoreCase(namespace))
                .findFirst()
                .orElseThrow(() -> new AzureException(Errors.invalidNamespace(namespace)));
        ObjectNode answer = Json.object()
                .put("id", "/subscriptions/%s/providers/%s".formatted(sub, name))
                .put("namespace", name)
                .put("registrationState", "Registered")
                .put("registrationPolicy", "RegistrationRequired");
        ArrayNode types = answer.putArray("resourceTypes");
        for (String type : PROVIDERS.getOrDefault(name, List.of())) {
            ObjectNode entry = types.addObject().put("resourceType", type);
            ArrayNode locations = entry.putArray("locations");
            Regions.displayNames().forEach(locations::add);
            ArrayNode versions = entry.putArray("apiVersions");
            ML_VERSIONS.forEach(versions::add);
            entry.put("capabilities", type.toLowerCase(Locale.ROOT).equals("workspaces") ? "SupportsTags" : "None");
        }
        return answer;
    }

    @PostMapping("/subscriptions/{sub}/providers/{namespace}/register")
    ObjectNode register(@PathVariable String sub, @PathVariable String namespace) {
        return provider(sub, namespace);
    }

    private static ObjectNode view(Subscriptions.Subscription subscription, CallerIdentity caller) {
        String id = subscription.id();
        ObjectNode answer = Json.object()
                .put("id", "/subscriptions/" + id)
                .put("subscriptionId", id)
                .put("displayName", subscription.name())
                .put("state", "Enabled")
                .put("tenantId", caller.tenant())
                .put("authorizationSource", "RoleBased");
        answer.putArray("managedByTenants");
        answer.putObject("subscriptionPolicies")
                .put("locationPlacementId", "Public_2014-09-01")
                .put("quotaId", "PayAsYouGo_2014-09-01")
                .put("spendingLimit", "Off");
        return answer;
    }
}
