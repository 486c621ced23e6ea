package dev.malachite.server.mlflow;

import dev.malachite.server.database.Attributes;
import dev.malachite.server.database.Page;
import dev.malachite.server.database.Slice;
import dev.malachite.server.experiment.Experiment;
import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.identity.RunIdentity;
import dev.malachite.server.identity.RunScope;
import dev.malachite.server.run.ClientRuns;
import dev.malachite.server.run.RunChanges;
import dev.malachite.server.run.RunView;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** Runs as MLflow's clients begin, end, archive and find them. */
@RestController
@RequestMapping({MlflowPaths.API + "/runs", MlflowPaths.PREVIEW + "/runs"})
class RunApi {

    /** MLflow's own bound for a page. */
    private static final int MAX_PAGE = 50_000;

    /** What a request gets at once however much it asks for: the answer's size is bounded, and clients follow pages. */
    private static final int MAX_ANSWER = 1_000;

    private static final int MAX_EXPERIMENTS = 1_000;

    private final Access access;
    private final ClientRuns runs;
    private final RunChanges changes;
    private final RunSearch search;
    private final RunAnswers answers;
    private final RunScope scope;

    RunApi(Access access, ClientRuns runs, RunChanges changes, RunSearch search, RunAnswers answers, RunScope scope) {
        this.access = access;
        this.runs = runs;
        this.changes = changes;
        this.search = search;
        this.answers = answers;
        this.scope = scope;
    }

    @PostMapping("/create")
    ObjectNode create(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        Experiment experiment = access.active(
                access.experiment(workspace, asked.given("experiment_id").orElse("0")));
        Map<String, String> tags = LogApi.tags(asked.messages("tags"));
        // A job's script that begins another run begins it below the job's: a run's token opens no others.
        Optional<String> parent = Optional.ofNullable(tags.remove(RunTags.PARENT))
                .or(() -> CallerIdentity.current().run().map(RunIdentity::runId));
        String id = UUID.randomUUID().toString();
        parent.ifPresent(above -> access.writable(workspace, above));
        scope.requireCreatable(id, parent);
        Optional<String> named = asked.given("run_name");
        Optional<String> tagged = Optional.ofNullable(tags.remove(RunTags.NAME));
        if (named.isPresent() && tagged.isPresent() && !named.equals(tagged)) {
            throw MlflowErrors.invalid(
                    ("Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values"
                                    + " (run_name='%s', mlflow.runName='%s').")
                            .formatted(named.get(), tagged.get()));
        }
        Optional<String> note = Optional.ofNullable(tags.remove(RunTags.NOTE));
        tags.remove(RunTags.ROOT);
        RunView run = runs.begin(
                workspace.id(),
                new ClientRuns.Beginning(
                        id,
                        experiment.name(),
                        parent,
                        named.or(() -> tagged).orElseGet(() -> RandomNames.of(id)),
                        note,
                        asked.time("start_time"),
                        new Attributes(new LinkedHashMap<>(tags)),
                        asked.given("user_id")
                                .orElseGet(() -> CallerIdentity.current().name())));
        return answer("run", answers.run(workspace, run));
    }

    @GetMapping("/get")
    ObjectNode get(Workspace workspace, @RequestParam MultiValueMap<String, String> query) {
        return answer(
                "run",
                answers.run(
                        workspace, access.readable(workspace, Asked.of(query).runId())));
    }

    @PostMapping("/update")
    ObjectNode update(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        RunView run = access.active(workspace, asked.runId());
        RunView now = runs.move(
                        workspace.id(),
                        run.runId(),
                        Statuses.asked(asked),
                        asked.time("end_time"),
                        asked.given("run_name"))
                .orElse(run);
        return answer("run_info", answers.info(workspace, now));
    }

    @PostMapping("/delete")
    ObjectNode delete(Workspace workspace, @Body ObjectNode body) {
        return hide(workspace, body, true);
    }

    @PostMapping("/restore")
    ObjectNode restore(Workspace workspace, @Body ObjectNode body) {
        return hide(workspace, body, false);
    }

    private ObjectNode hide(Workspace workspace, ObjectNode body, boolean hidden) {
        RunView run = access.writable(workspace, Asked.of(body).runId());
        changes.setHidden(workspace.id(), run.runId(), hidden);
        return Json.object();
    }

    @PostMapping("/search")
    ObjectNode search(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        List<String> experiments = asked.texts("experiment_ids");
        if (experiments.size() > MAX_EXPERIMENTS) {
            throw MlflowErrors.invalid("At most %d experiments can be searched at once, not %d."
                    .formatted(MAX_EXPERIMENTS, experiments.size()));
        }
        experiments = experiments.stream()
                .map(id -> id.equals("0") ? access.experiment(workspace, id).id() : id)
                .toList();
        List<Clause> clauses = new ArrayList<>(SearchText.filter(asked.given("filter"), RunSearch.RUNS));
        Page page = Limits.page(asked, MAX_ANSWER, MAX_PAGE);
        Slice<RunView> found = search.find(
                workspace.id(),
                experiments,
                View.of(asked, "run_view_type").hidden(),
                clauses,
                SearchText.order(asked.texts("order_by"), RunSearch.RUNS),
                new Page(page.skip(), Math.min(page.top(), MAX_ANSWER)));
        ObjectNode answer = Json.object();
        answer.set("runs", answers.runs(workspace, found.items()));
        found.next().ifPresent(token -> answer.put("next_page_token", token));
        return answer;
    }

    private static ObjectNode answer(String name, ObjectNode value) {
        ObjectNode answer = Json.object();
        answer.set(name, value);
        return answer;
    }
}
