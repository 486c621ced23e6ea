package dev.malachite.server.control;

import dev.malachite.engine.ComputeKind;
import dev.malachite.engine.Explainer;
import dev.malachite.engine.InstanceState;
import dev.malachite.engine.Job;
import dev.malachite.engine.Node;
import dev.malachite.engine.NodePhase;
import dev.malachite.engine.Scale;
import dev.malachite.engine.State;
import dev.malachite.engine.Target;
import dev.malachite.server.identity.Tokens;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.loop.EmulatorClock;
import dev.malachite.server.run.RunView;
import dev.malachite.server.run.Runs;
import dev.malachite.server.runtime.Runtimes;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.Workspaces;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** All that there is at this moment, for the page: bounded, however much waits. */
@Component
class Overview {

    private static final int WAITING_SHOWN = 100;
    private static final int RUNS_SHOWN = 50;

    private final ControlLoop loop;
    private final EmulatorClock clock;
    private final Workspaces workspaces;
    private final Runs runs;
    private final Runtimes runtimes;

    Overview(ControlLoop loop, EmulatorClock clock, Workspaces workspaces, Runs runs, Runtimes runtimes) {
        this.loop = loop;
        this.clock = clock;
        this.workspaces = workspaces;
        this.runs = runs;
        this.runtimes = runtimes;
    }

    ObjectNode json() {
        State state = loop.state();
        Instant now = clock.instant();
        ObjectNode overview = Json.object();
        overview.put("now", now.toString());
        overview.put("ahead", clock.ahead().toString());
        overview.put("runtime", runtimes.preferred().name().toLowerCase(Locale.ROOT));
        ArrayNode me = overview.putArray("me");
        Tokens.defaultUsers().forEach(me::add);
        List<Workspace> all = workspaces.all();
        ArrayNode names = overview.putArray("workspaces");
        ArrayNode recent = overview.putArray("runs");
        for (Workspace workspace : all) {
            names.addObject()
                    .put("id", workspace.id().value())
                    .put("armId", workspace.armId())
                    .put("name", workspace.name())
                    .put("subscription", workspace.ref().subscription())
                    .put("resourceGroup", workspace.ref().resourceGroup());
        }
        runs.latest(RUNS_SHOWN).forEach(run -> recent.add(run(run)));
        ArrayNode targets = overview.putArray("targets");
        ArrayNode jobs = overview.putArray("jobs");
        for (Target target : state.targets()) {
            targets.add(target(state, target));
            int shown = 0;
            for (Job job : state.waiting(target.id())) {
                if (shown++ == WAITING_SHOWN) {
                    break;
                }
                jobs.add(job(state, job, now));
            }
        }
        state.nodes().stream()
                .flatMap(node -> node.job().stream())
                .flatMap(id -> state.job(id).stream())
                .filter(job -> !job.phase().waiting())
                .distinct()
                .sorted(Comparator.comparingLong(Job::sequence))
                .forEach(job -> jobs.add(job(state, job, now)));
        return overview;
    }

    static ObjectNode job(State state, Job job, Instant now) {
        return Json.object()
                .put("workspaceId", job.id().workspace().value())
                .put("runId", job.id().run())
                .put("target", job.target().name())
                .put("status", job.phase().wire())
                .put("attempt", job.attempt())
                .put("submitted", job.submitted().toString())
                .put("started", job.started().map(Instant::toString).orElse(null))
                .put("why", Explainer.explain(state, job, now));
    }

    private static ObjectNode target(State state, Target target) {
        ObjectNode json = Json.object();
        json.put("workspaceId", target.id().workspace().value());
        json.put("name", target.displayName());
        json.put("kind", target.kind().wire());
        switch (target.kind()) {
            case ComputeKind.AmlCompute cluster -> {
                Scale scale = cluster.scale();
                json.put("vmSize", cluster.size().name())
                        .put("vmPriority", cluster.priority().wire().toLowerCase(Locale.ROOT))
                        .put("minNodes", scale.min())
                        .put("maxNodes", scale.max())
                        .put("idleSeconds", scale.idle().toSeconds());
            }
            case ComputeKind.Serverless serverless ->
                json.put("vmSize", serverless.size().name())
                        .put("vmPriority", serverless.priority().wire().toLowerCase(Locale.ROOT))
                        .put("minNodes", 0)
                        .put("maxNodes", serverless.nodes())
                        .put("idleSeconds", 0);
            case ComputeKind.VirtualMachine machine -> json.put("attached", machine.attached());
            case ComputeKind.External external -> json.put("attached", external.attached());
            case ComputeKind.ComputeInstance instance ->
                json.put("vmSize", instance.size().name())
                        .put("vmPriority", "dedicated")
                        .put("jobsAtOnce", instance.slots())
                        .put("state", standing(state, target));
            case ComputeKind.MadeMachine machine ->
                json.put("attached", false)
                        .put("vmSize", machine.size().name())
                        .put("vmPriority", "dedicated")
                        .put("jobsAtOnce", 1)
                        .put("state", standing(state, target));
        }
        json.put("provisioning", target.provisioning().name().toLowerCase(Locale.ROOT));
        json.put("resizing", target.resizing());
        json.put("waiting", state.waitingCount(target.id()));
        ArrayNode errors = json.putArray("errors");
        target.errors().forEach(error -> errors.add(error.message()));
        ArrayNode nodes = json.putArray("nodes");
        state.nodesOf(target.id()).forEach(node -> nodes.add(node(node, target.kind())));
        return json;
    }

    private static String standing(State state, Target target) {
        return state.instance(target.id())
                .map(standing -> standing.state().wire())
                .orElse(InstanceState.DELETING.wire());
    }

    private static ObjectNode node(Node node, ComputeKind kind) {
        ObjectNode json = Json.object()
                .put("id", node.id().value())
                .put("state", node.phase().name().toLowerCase(Locale.ROOT))
                .put("ready", node.ready())
                .put("since", node.since().toString())
                .put("generation", node.generation())
                .put("job", node.job().map(job -> job.run()).orElse(null));
        switch (kind) {
            case ComputeKind.AmlCompute cluster ->
                json.put(
                        "leavesAt",
                        node.phase() == NodePhase.IDLE
                                ? node.since().plus(cluster.scale().idle()).toString()
                                : null);
            case ComputeKind.Serverless _,
                    ComputeKind.ComputeInstance _,
                    ComputeKind.MadeMachine _,
                    ComputeKind.Elsewhere _ -> json.putNull("leavesAt");
        }
        return json;
    }

    private static ObjectNode run(RunView run) {
        return Json.object()
                .put("workspaceId", run.id().workspace().value())
                .put("runId", run.runId())
                .put("experiment", run.experiment())
                .put("displayName", run.displayName().orElse(run.runId()))
                .put("target", run.target().orElse(null))
                .put("status", run.status())
                .put("created", run.created().toString())
                .put("started", run.started().map(Instant::toString).orElse(null))
                .put("ended", run.ended().map(Instant::toString).orElse(null))
                .put("error", run.error().orElse(null));
    }
}
