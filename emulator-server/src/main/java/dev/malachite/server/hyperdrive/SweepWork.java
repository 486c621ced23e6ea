package dev.malachite.server.hyperdrive;

import dev.malachite.api.Errors;
import dev.malachite.engine.Child;
import dev.malachite.engine.Command;
import dev.malachite.engine.JobPhase;
import dev.malachite.engine.Parent;
import dev.malachite.engine.Plan;
import dev.malachite.engine.Trials;
import dev.malachite.engine.sweep.SearchSpace;
import dev.malachite.engine.sweep.Trial;
import dev.malachite.server.job.ChildJobs;
import dev.malachite.server.loop.ParentWork;
import dev.malachite.server.metric.Metrics;
import dev.malachite.server.run.RunChanges;
import dev.malachite.server.run.RunLimits;
import dev.malachite.server.run.RunSeed;
import dev.malachite.server.run.RunView;
import dev.malachite.server.run.Runs;
import dev.malachite.server.store.RunAttachment;
import dev.malachite.server.sweep.HyperDriveView;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.Workspaces;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Makes the trials of a sweep into jobs, and keeps which was the best. */
@Component
class SweepWork implements ParentWork {

    /** The v1 SDK looks for it among the metrics of the sweep itself. */
    private static final String BEST = "best_child_by_primary_metric";

    private final ChildJobs jobs;
    private final Workspaces workspaces;
    private final Runs runs;
    private final RunChanges changes;
    private final Metrics metrics;
    private final SweepLog log;
    private final Clock clock;

    SweepWork(
            ChildJobs jobs,
            Workspaces workspaces,
            Runs runs,
            RunChanges changes,
            Metrics metrics,
            SweepLog log,
            Clock clock) {
        this.jobs = jobs;
        this.workspaces = workspaces;
        this.runs = runs;
        this.changes = changes;
        this.metrics = metrics;
        this.log = log;
        this.clock = clock;
    }

    @Override
    public boolean knows(Plan plan) {
        return plan instanceof Trials;
    }

    @Override
    public Command<?> submission(Parent parent, Child child) throws IOException {
        Workspace workspace =
                workspaces.find(parent.id().workspace()).orElseThrow(() -> gone("The workspace of sweep", parent));
        RunView sweep = sweep(parent);
        ObjectNode definition = definition(parent);
        Map<String, String> point = point(child);
        tag(parent, SweepSeed.SYSTEM + child.run().run(), SearchSpace.json(point));
        log.scheduled(parent.id(), child.run().run());
        if (HyperDriveView.is(definition)) {
            return jobs.script(
                    workspace,
                    parent.id(),
                    sweep.experiment(),
                    child.run().run(),
                    new HyperDriveForm(definition).submission(point),
                    tags(sweep, point),
                    sweep.createdBy());
        }
        ObjectNode job = new SweepForm(definition).trial(point);
        ObjectNode tags = job.putObject("tags");
        tags(sweep, point).forEach(tags::put);
        return jobs.command(workspace, parent.id(), child.run().run(), job, sweep.createdBy());
    }

    @Override
    public Command.ChildEnded refused(Parent parent, Child child, String why) {
        RunView sweep = sweep(parent);
        RunSeed seed = new RunSeed(
                child.run(),
                sweep.experiment(),
                Optional.of(sweep.runId()),
                Optional.empty(),
                Optional.empty(),
                "azureml.scriptrun",
                sweep.target().orElse(""),
                "",
                tags(sweep, point(child)),
                Map.of(),
                Json.object().put("jobType", "Command"),
                sweep.createdBy());
        return new Command.ChildEnded(child.run(), JobPhase.FAILED, why, new RunAttachment(seed));
    }

    @Override
    public void finish(Parent parent, Collection<Child> children) throws IOException {
        if (!(parent.plan() instanceof Trials trials)) {
            throw new IllegalStateException("no sweep: " + parent.id());
        }
        trials.best(children).ifPresent(best -> keep(parent, trials, best));
        tag(parent, SweepSeed.SYSTEM + "all_jobs_generated", "true");
        log.ended(
                parent.id(),
                children.size(),
                trials.sweep().limits().total(),
                parent.outcome().map(JobPhase::wire).orElse(""),
                Optional.ofNullable(parent.error()));
    }

    /** As runs of the service have it. */
    private void keep(Parent parent, Trials trials, Child best) {
        String run = best.run().run();
        double score = best.trial().orElseThrow().best().orElseThrow();
        ObjectNode body = Json.object();
        body.putObject("properties")
                .put("best_child_run_id", run)
                .put("score", Double.toString(score))
                .put("best_metric_status", "Succeeded")
                .put("best_data_container_id", "dcid." + run);
        changes.patch(parent.id().workspace(), parent.id().run(), body);
        if (!metrics.latest(parent.id()).containsKey(BEST)) {
            metrics.log(parent.id(), bestTable(trials.sweep().metric(), run, score));
        }
    }

    private ObjectNode bestTable(String metric, String run, double score) {
        String now = clock.instant().toString();
        ObjectNode batch = Json.object();
        ObjectNode value = batch.putArray("values").addObject();
        value.put("name", BEST);
        value.putObject("columns")
                .put("run_id", "String")
                .put("metric_name", "String")
                .put("metric_value", "Double")
                .put("timestamp", "String")
                .put("final", "Boolean");
        value.putObject("properties").put("uxMetricType", "azureml.v1.table");
        ObjectNode point = value.putArray("value").addObject();
        point.put("createdUtc", now);
        point.putObject("data")
                .put("run_id", run)
                .put("metric_name", metric)
                .put("metric_value", score)
                .put("timestamp", now)
                .put("final", true);
        return batch;
    }

    private RunView sweep(Parent parent) {
        return runs.find(parent.id().workspace(), parent.id().run()).orElseThrow(() -> gone("Sweep", parent));
    }

    private ObjectNode definition(Parent parent) {
        return runs.definition(parent.id().workspace(), parent.id().run())
                .orElseThrow(() -> gone("The definition of sweep", parent));
    }

    /** No other try would find it. */
    private static AzureException gone(String what, Parent parent) {
        return new AzureException(
                Errors.notFound("%s '%s'".formatted(what, parent.id().run())));
    }

    private static Map<String, String> point(Child child) {
        return child.trial().map(Trial::point).orElseThrow();
    }

    /** The trial's own; what a simulated job is to do is said once for all of them, by the sweep's. */
    private static Map<String, String> tags(RunView sweep, Map<String, String> point) {
        Map<String, String> tags = new LinkedHashMap<>();
        sweep.tags().asMap().forEach((name, value) -> {
            if (name.startsWith("malachite.")) {
                tags.put(name, value);
            }
        });
        String values = SearchSpace.json(point);
        if (values.length() <= RunLimits.VALUE) {
            tags.put("hyperparameters", values);
        }
        tags.put(SweepSeed.SYSTEM + "hyperparameters", values); // which may be longer
        return tags;
    }

    private void tag(Parent parent, String name, String value) {
        ObjectNode body = Json.object();
        body.putObject("tags").put(name, value);
        changes.patch(parent.id().workspace(), parent.id().run(), body);
    }
}
