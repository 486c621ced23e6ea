package dev.malachite.server.mlflow;

import dev.malachite.server.database.Filter;
import dev.malachite.server.database.Page;
import dev.malachite.server.experiment.Experiment;
import dev.malachite.server.experiment.Experiments;
import dev.malachite.server.mlflow.Clause.Kind;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Experiments as MLflow's clients have them; a deleted one is an archived one. */
@RestController
@RequestMapping({MlflowPaths.API + "/experiments", MlflowPaths.PREVIEW + "/experiments"})
class ExperimentApi {

    private static final Searchable FIELDS = new Searchable(
            Set.of(Kind.TAG),
            Map.of("name", "name", "experiment_id", "experiment_id"),
            Map.of("creation_time", "creation_time", "last_update_time", "last_update_time"),
            Set.of());

    private static final int MAX_PAGE = 50_000;
    private static final int PAGE = 1_000;

    /** A workspace's experiments are all looked at; beyond so many, the newest. */
    private static final int SEARCHED = 50_000;

    private final Access access;
    private final Experiments experiments;

    ExperimentApi(Access access, Experiments experiments) {
        this.access = access;
        this.experiments = experiments;
    }

    @PostMapping("/create")
    ObjectNode create(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        String name = asked.require("name");
        Map<String, String> tags = LogApi.tags(asked.messages("tags"));
        experiments.find(workspace.id(), name).ifPresent(there -> {
            throw MlflowErrors.exists("Experiment(name=%s) already exists%s."
                    .formatted(name, there.archived().isPresent() ? " in deleted state; restore it first" : ""));
        });
        Experiment made = experiments.create(workspace.id(), name);
        if (!tags.isEmpty()) {
            tag(workspace, made.id(), tags);
        }
        return Json.object().put("experiment_id", made.id());
    }

    @GetMapping("/get")
    ObjectNode get(Workspace workspace, @RequestParam MultiValueMap<String, String> query) {
        return answer(access.experiment(workspace, Asked.of(query).require("experiment_id")));
    }

    @GetMapping("/get-by-name")
    ObjectNode getByName(Workspace workspace, @RequestParam MultiValueMap<String, String> query) {
        String name = Asked.of(query).require("experiment_name");
        return answer(experiments
                .find(workspace.id(), name)
                .orElseThrow(() -> MlflowErrors.missing("Could not find experiment with name '%s'".formatted(name))));
    }

    @PostMapping("/search")
    ObjectNode search(Workspace workspace, @Body ObjectNode body) {
        return search(workspace, Asked.of(body));
    }

    /** MLflow before 1.28 lists; its answer is a search's. */
    @GetMapping({"/search", "/list"})
    ObjectNode search(Workspace workspace, @RequestParam MultiValueMap<String, String> query) {
        return search(workspace, Asked.of(query));
    }

    private ObjectNode search(Workspace workspace, Asked asked) {
        Filter stage = switch (View.of(asked, "view_type")) {
            case ACTIVE_ONLY -> Filter.isNull("archivedTime");
            case DELETED_ONLY -> new Filter.Not(Filter.isNull("archivedTime"));
            case ALL -> Filter.all();
        };
        List<Clause> clauses = SearchText.filter(asked.given("filter"), FIELDS);
        Comparator<Experiment> order = order(asked.texts("order_by"));
        Page page = Limits.page(asked, PAGE, MAX_PAGE);
        List<Experiment> found =
                experiments.list(workspace.id(), stage, List.of(), Page.first(SEARCHED)).items().stream()
                        .filter(experiment -> clauses.stream().allMatch(clause -> passes(experiment, clause)))
                        .sorted(order)
                        .skip(page.skip())
                        .limit(page.top() + 1L)
                        .toList();
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("experiments");
        found.stream().limit(page.top()).forEach(experiment -> list.add(wire(experiment)));
        if (found.size() > page.top()) {
            answer.put("next_page_token", Limits.token(page.skip() + page.top()));
        }
        return answer;
    }

    private static boolean passes(Experiment experiment, Clause clause) {
        return switch (clause.kind()) {
            case TAG ->
                clause.test(Optional.ofNullable(experiment.tags().values().get(clause.key())));
            case ATTRIBUTE ->
                switch (clause.key()) {
                    case "name" -> clause.test(Optional.of(experiment.name()));
                    case "experiment_id" -> clause.test(Optional.of(experiment.id()));
                    case "creation_time" ->
                        clause.test((double) experiment.created().toEpochMilli());
                    default -> clause.test((double) changed(experiment).toEpochMilli());
                };
            case METRIC, PARAM, DATASET -> false;
        };
    }

    /** By default the newest first. */
    private static Comparator<Experiment> order(List<String> keys) {
        List<Comparator<Experiment>> comparators = new ArrayList<>();
        for (SearchText.Order key : SearchText.order(keys, FIELDS)) {
            Comparator<Experiment> comparator = switch (key.field().key()) {
                case "name" -> Comparator.comparing(Experiment::name);
                case "experiment_id" -> Comparator.comparing(Experiment::id);
                case "creation_time" -> Comparator.comparing(Experiment::created);
                default -> Comparator.comparing(ExperimentApi::changed);
            };
            comparators.add(key.descending() ? comparator.reversed() : comparator);
        }
        if (comparators.isEmpty()) {
            comparators.add(Comparator.comparing(Experiment::created).reversed());
        }
        comparators.add(Comparator.comparing(Experiment::id));
        return comparators.stream().reduce(Comparator::thenComparing).orElseThrow();
    }

    @PostMapping("/update")
    ObjectNode update(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        Experiment experiment = access.active(access.experiment(workspace, asked.require("experiment_id")));
        Optional<String> name = asked.given("new_name").filter(fresh -> !fresh.equals(experiment.name()));
        if (name.flatMap(fresh -> experiments.find(workspace.id(), fresh)).isPresent()) {
            throw MlflowErrors.exists("Experiment(name=%s) already exists.".formatted(name.orElse("")));
        }
        name.ifPresent(fresh -> experiments.rename(workspace.id(), experiment.id(), fresh));
        return Json.object();
    }

    @PostMapping("/delete")
    ObjectNode delete(Workspace workspace, @Body ObjectNode body) {
        return archive(workspace, Asked.of(body), true);
    }

    @PostMapping("/restore")
    ObjectNode restore(Workspace workspace, @Body ObjectNode body) {
        return archive(workspace, Asked.of(body), false);
    }

    private ObjectNode archive(Workspace workspace, Asked asked, boolean archive) {
        Experiment experiment = access.experiment(workspace, asked.require("experiment_id"));
        if (experiment.archived().isPresent() == archive) {
            throw MlflowErrors.missing("No Experiment with id=%s exists in state %s."
                    .formatted(experiment.id(), archive ? "active" : "deleted"));
        }
        experiments.patch(workspace.id(), experiment.id(), Json.object().put("archive", archive));
        return Json.object();
    }

    @PostMapping("/set-experiment-tag")
    ObjectNode setTag(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        Experiment experiment = access.active(access.experiment(workspace, asked.require("experiment_id")));
        tag(workspace, experiment.id(), LogApi.tags(List.of(asked)));
        return Json.object();
    }

    @PostMapping("/delete-experiment-tag")
    ObjectNode deleteTag(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        Experiment experiment = access.active(access.experiment(workspace, asked.require("experiment_id")));
        String key = asked.require("key");
        if (!experiment.tags().values().containsKey(key)) {
            throw MlflowErrors.missing("No tag with name: %s in experiment with id %s".formatted(key, experiment.id()));
        }
        experiments.removeTags(workspace.id(), experiment.id(), List.of(key));
        return Json.object();
    }

    private void tag(Workspace workspace, String experiment, Map<String, String> tags) {
        ObjectNode patch = Json.object();
        tags.forEach(patch.putObject("tags")::put);
        experiments.patch(workspace.id(), experiment, patch);
    }

    private static Instant changed(Experiment experiment) {
        return experiment.archived().orElse(experiment.created());
    }

    private static ObjectNode answer(Experiment experiment) {
        ObjectNode answer = Json.object();
        answer.set("experiment", wire(experiment));
        return answer;
    }

    private static ObjectNode wire(Experiment experiment) {
        ObjectNode node = Json.object();
        node.put("experiment_id", experiment.id());
        node.put("name", experiment.name());
        // As the service: files belong to runs.
        node.put("artifact_location", "");
        node.put("lifecycle_stage", experiment.archived().isPresent() ? "deleted" : "active");
        node.put("creation_time", experiment.created().toEpochMilli());
        node.put("last_update_time", changed(experiment).toEpochMilli());
        RunAnswers.pairs(node.putArray("tags"), experiment.tags().asMap());
        return node;
    }
}
