package dev.malachite.server.demo;

import dev.malachite.server.web.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A cluster of at most two nodes, a small training on it, its log, its metrics, and the scale to zero. */
public final class Demo {

    private static final String GROUP = "/subscriptions/%s/resourceGroups/demo";
    private static final String WORKSPACE = GROUP + "/providers/Microsoft.MachineLearningServices/workspaces/demo";
    private static final String VERSION = "?api-version=2024-04-01";
    private static final long LOOK_AGAIN_MILLIS = 250;

    private final DemoClient client;
    private final String group;
    private final String workspace;
    private final long began = System.nanoTime();

    private Demo(DemoClient client, String subscription) {
        this.client = client;
        this.group = GROUP.formatted(subscription);
        this.workspace = WORKSPACE.formatted(subscription);
    }

    /**
     * Runs the training in {@code folder} on the emulator.
     *
     * @return whether it completed
     */
    public static boolean run(String https, String http, String subscription, Path folder)
            throws IOException, InterruptedException {
        return new Demo(new DemoClient(https, http), subscription).train(folder);
    }

    private boolean train(Path folder) throws IOException, InterruptedException {
        client.put(group + VERSION, Json.object().put("location", "koreacentral"));
        client.put(workspace + VERSION, workspaceBody());
        client.put(workspace + "/computes/cpu-cluster" + VERSION, clusterBody());
        say("cluster 'cpu-cluster': 0 to 2 nodes of STANDARD_DS2_V2, none running");
        String snapshot = upload(folder);
        String run = "demo_" + UUID.randomUUID().toString().substring(0, 8);
        client.post("/execution/v1.0" + workspace + "/experiments/demo/snapshotrun?runId=" + run, runBody(snapshot));
        say("run '%s' is submitted".formatted(run));
        JsonNode ended = follow(run);
        String status = Json.string(ended, "status").orElse("");
        say("the run has ended: " + status);
        Json.string(Json.objectAt(Json.objectAt(ended, "error"), "error"), "message")
                .ifPresent(this::say);
        if (status.equals("Completed")) {
            showMetrics(run);
            scaleToZero();
        }
        return status.equals("Completed");
    }

    private static ObjectNode workspaceBody() {
        ObjectNode body = Json.object().put("location", "koreacentral");
        body.putObject("properties").put("friendlyName", "demo");
        return body;
    }

    private static ObjectNode clusterBody() {
        ObjectNode body = Json.object().put("location", "koreacentral");
        ObjectNode properties = body.putObject("properties").put("computeType", "AmlCompute");
        ObjectNode cluster = properties.putObject("properties").put("vmSize", "STANDARD_DS2_V2");
        cluster.putObject("scaleSettings")
                .put("minNodeCount", 0)
                .put("maxNodeCount", 2)
                .put("nodeIdleTimeBeforeScaleDown", "PT120S");
        return body;
    }

    private static ObjectNode runBody(String snapshot) {
        ObjectNode body = Json.object().put("SnapshotId", snapshot);
        ObjectNode configuration = body.putObject("Configuration");
        configuration
                .put("script", "train.py")
                .put("framework", "Python")
                .put("communicator", "None")
                .put("target", "cpu-cluster")
                .put("nodeCount", 1);
        configuration.putArray("arguments");
        ObjectNode python = configuration.putObject("environment").putObject("python");
        python.put("userManagedDependencies", true).put("interpreterPath", "python3");
        return body;
    }

    private String upload(Path folder) throws IOException, InterruptedException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("__pycache__"))
                    .toList();
        }
        ObjectNode ask = Json.object();
        ArrayNode names = ask.putArray("FileNames");
        files.forEach(file -> names.add(name(folder, file)));
        String content = "/content/v2.0" + workspace + "/snapshots/";
        JsonNode places = client.post(content + "getblob", ask).path("fileNodes");
        ObjectNode snapshot = Json.object();
        ObjectNode root = snapshot.putObject("DirTreeNode").put("name", "").put("type", "Directory");
        ObjectNode children = root.putObject("children");
        ArrayNode revisions = snapshot.putObject("FileRevisionList").putArray("FileNodes");
        for (JsonNode place : places) {
            String name = Json.string(place, "fullName").orElseThrow();
            String url = Json.string(place, "blobUri").orElseThrow();
            Path file = folder.resolve(name);
            client.upload(url, file);
            children.putObject(name).put("name", name).put("type", "File").put("hash", "demo");
            revisions.addObject().put("FullName", name).put("BlobUri", url).put("FileSize", Files.size(file));
        }
        String id = UUID.randomUUID().toString();
        client.post(content + id, snapshot);
        say("snapshot of %s: %d files".formatted(folder.getFileName(), files.size()));
        return id;
    }

    private static String name(Path folder, Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    /** Shows why the run waits while it waits, and what it prints while it runs. */
    private JsonNode follow(String run) throws IOException, InterruptedException {
        String told = "";
        int printed = 0;
        while (true) {
            JsonNode details = client.get("/history/v1.0" + workspace + "/experiments/demo/runs/" + run + "/details");
            String status = Json.string(details, "status").orElse("");
            String why = Json.string(client.control("GET", "/jobs/" + run + "/explain", Json.object()), "why")
                    .orElse("");
            String what = status + ": " + why.replaceAll(" since \\d+ s", "");
            if (!what.equals(told) && !status.equals("Completed")) {
                say(what);
                told = what;
            }
            printed = print(details, printed);
            if (List.of("Completed", "Failed", "Canceled").contains(status)) {
                return details;
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    private int print(JsonNode details, int printed) throws IOException, InterruptedException {
        String url = Json.string(Json.objectAt(details, "logFiles"), "user_logs/std_log.txt")
                .orElse("");
        if (url.isEmpty()) {
            return printed;
        }
        String log = client.text(url);
        int end = log.lastIndexOf('\n') + 1;
        if (end > printed) {
            log.substring(printed, end).lines().forEach(line -> System.out.println("    | " + line));
            return end;
        }
        return printed;
    }

    private void showMetrics(String run) throws IOException, InterruptedException {
        String metrics = "/metric/v2.0" + workspace + "/runs/" + run;
        for (JsonNode metric : client.post(metrics + "/list", Json.object()).path("value")) {
            String name =
                    Json.string(Json.objectAt(metric, "metricKey"), "name").orElse("");
            JsonNode points = client.post(metrics + "/full", Json.object().put("metricName", name))
                    .path("value");
            JsonNode last = points.path(points.size() - 1).path("data").path(name);
            say("metric %s: %d value%s, the last is %s"
                    .formatted(name, points.size(), points.size() == 1 ? "" : "s", last));
        }
    }

    private void scaleToZero() throws IOException, InterruptedException {
        say("the node is idle; the cluster waits two minutes before it lets it go: the clock is turned forward");
        client.control("POST", "/clock/advance", Json.object().put("by", "PT2M1S"));
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (nodes() > 0) {
            if (System.nanoTime() > until) {
                throw new IOException("the node did not leave within 30 s");
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
        say("the cluster has no nodes");
    }

    private int nodes() throws IOException, InterruptedException {
        return client.get(workspace + "/computes/cpu-cluster" + VERSION)
                .path("properties")
                .path("properties")
                .path("currentNodeCount")
                .intValue();
    }

    private void say(String text) {
        System.out.printf(Locale.ROOT, "%6.1f s  %s%n", (System.nanoTime() - began) / 1e9, text);
    }
}
