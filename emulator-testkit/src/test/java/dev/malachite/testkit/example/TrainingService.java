package dev.malachite.testkit.example;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.management.AzureEnvironment;
import com.azure.core.management.profile.AzureProfile;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.resourcemanager.resources.ResourceManager;
import com.azure.resourcemanager.resources.models.GenericResource.DefinitionStages.WithCreate;
import dev.malachite.testkit.emulator.Credentials;
import dev.malachite.testkit.emulator.Emulator;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The program under test: it trains on Azure ML through Azure's SDK for Java. Where Azure is, stands in three arguments;
 * nothing else in it knows of the emulator.
 */
final class TrainingService {

    private static final String GROUP = "training";
    private static final String WORKSPACE = "research";
    private static final String REGION = "koreacentral";
    private static final String PROVIDER = "Microsoft.MachineLearningServices";
    private static final String VERSION = "2024-04-01";

    private final ResourceManager azure;
    private final String subscription;

    private TrainingService(AzureEnvironment cloud, TokenCredential who, String subscription, HttpClient http) {
        this.subscription = subscription;
        this.azure = ResourceManager.configure()
                .withHttpClient(http)
                .authenticate(who, new AzureProfile(null, subscription, cloud))
                .withSubscription(subscription);
        azure.resourceGroups().define(GROUP).withRegion(REGION).create();
        resource("workspaces", WORKSPACE).create();
        below("environments/plain", "versions", "1")
                .withProperties(Map.of("image", "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"))
                .create();
    }

    /** This is all that a program must be told to work with the emulator. */
    static TrainingService on(Emulator emulator) {
        HttpClient http = new JdkHttpClientBuilder(
                        java.net.http.HttpClient.newBuilder().sslContext(emulator.sslContext()))
                .build();
        String endpoint = emulator.endpoint() + "/";
        AzureEnvironment cloud = new AzureEnvironment(Arrays.stream(AzureEnvironment.Endpoint.values())
                .collect(Collectors.toMap(AzureEnvironment.Endpoint::identifier, any -> endpoint)));
        Credentials credentials = emulator.credentials();
        TokenCredential who = new ClientSecretCredentialBuilder()
                .authorityHost(endpoint)
                .disableInstanceDiscovery()
                .tenantId(credentials.tenant())
                .clientId(credentials.clientId())
                .clientSecret(credentials.clientSecret())
                .httpClient(http)
                .build();
        return new TrainingService(cloud, who, emulator.subscription(), http);
    }

    /** A cluster of D2 v2 machines, with two cores each, that is empty while nothing is to be done. */
    void cluster(String name, String priority, int maxNodes) {
        below("", "computes", name)
                .withProperties(Map.of(
                        "computeType",
                        "AmlCompute",
                        "properties",
                        Map.of(
                                "vmSize",
                                "STANDARD_D2_V2",
                                "vmPriority",
                                priority,
                                "scaleSettings",
                                Map.of(
                                        "minNodeCount",
                                        0,
                                        "maxNodeCount",
                                        maxNodes,
                                        "nodeIdleTimeBeforeScaleDown",
                                        "PT120S"))))
                .create();
    }

    /**
     * Sends a job.
     *
     * @param tags on the simulated runtime they also say how long the job lasts and how it ends
     */
    void train(String job, String cluster, String command, Map<String, String> variables, Map<String, String> tags) {
        String workspace = workspaceId();
        below("", "jobs", job)
                .withProperties(Map.of(
                        "jobType",
                        "Command",
                        "command",
                        command,
                        "computeId",
                        workspace + "/computes/" + cluster,
                        "environmentId",
                        workspace + "/environments/plain/versions/1",
                        "environmentVariables",
                        variables,
                        "experimentName",
                        "testkit",
                        "tags",
                        tags))
                .create();
    }

    /** {@code Queued}, {@code Running}, {@code Completed} and so on. */
    String status(String job) {
        return String.valueOf(properties("jobs", job).get("status"));
    }

    /** {@code Resizing} while nodes come or go, else {@code Steady}. */
    String allocationState(String cluster) {
        return String.valueOf(cluster(cluster).get("allocationState"));
    }

    /** How many nodes the cluster has. */
    int nodes(String cluster) {
        return ((Number) cluster(cluster).getOrDefault("currentNodeCount", -1)).intValue();
    }

    String workspaceId() {
        return "/subscriptions/%s/resourceGroups/%s/providers/%s/workspaces/%s"
                .formatted(subscription, GROUP, PROVIDER, WORKSPACE);
    }

    private Map<?, Object> cluster(String name) {
        return map(properties("computes", name).get("properties"));
    }

    private Map<?, Object> properties(String type, String name) {
        return map(azure.genericResources()
                .getById(workspaceId() + "/" + type + "/" + name, VERSION)
                .properties());
    }

    private WithCreate below(String parent, String type, String name) {
        return resource(type, name)
                .withParentResourcePath("workspaces/" + WORKSPACE + (parent.isEmpty() ? "" : "/" + parent));
    }

    private WithCreate resource(String type, String name) {
        return azure.genericResources()
                .define(name)
                .withRegion(REGION)
                .withExistingResourceGroup(GROUP)
                .withResourceType(type)
                .withProviderNamespace(PROVIDER)
                .withoutPlan()
                .withApiVersion(VERSION);
    }

    @SuppressWarnings("unchecked") // the SDK's generic resources are trees
    private static Map<?, Object> map(@Nullable Object tree) {
        return (Map<?, Object>) Objects.requireNonNull(tree);
    }
}
