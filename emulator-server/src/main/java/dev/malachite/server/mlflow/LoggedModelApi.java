package dev.malachite.server.mlflow;

import dev.malachite.server.artifact.RunFiles;
import dev.malachite.server.database.Attributes;
import dev.malachite.server.database.Page;
import dev.malachite.server.experiment.Experiment;
import dev.malachite.server.metric.Metrics;
import dev.malachite.server.mlflow.Clause.Kind;
import dev.malachite.server.mlflow.LoggedModels.Model;
import dev.malachite.server.run.RunView;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Logged models: Azure ML has none, but MLflow 3's {@code log_model} and {@code autolog} do not work without. */
@RestController
@RequestMapping({MlflowPaths.API + "/logged-models", MlflowPaths.PREVIEW + "/logged-models"})
class LoggedModelApi {

    private static final Searchable FIELDS = new Searchable(
            Set.of(Kind.METRIC, Kind.PARAM, Kind.TAG),
            Map.of(
                    "name", "name",
                    "model_id", "model_id",
                    "model_type", "model_type",
                    "status", "status",
                    "source_run_id", "source_run_id"),
            Map.of(
                    "creation_timestamp", "creation_timestamp",
                    "creation_time", "creation_timestamp",
                    "last_updated_timestamp", "last_updated_timestamp",
                    "last_updated_time", "last_updated_timestamp"),
            Set.of());

    private static final String STATUS = "LOGGED_MODEL_";
    private static final List<String> STATUSES = List.of("UNSPECIFIED", "PENDING", "READY", "UPLOAD_FAILED");
    private static final int MAX_NAME = 500;
    private static final int MAX_PAGE = 1_000;
    private static final int MAX_EXPERIMENTS = 100;

    private final Access access;
    private final LoggedModels models;
    private final Metrics metrics;

    LoggedModelApi(Access access, LoggedModels models, Metrics metrics) {
        this.access = access;
        this.models = models;
        this.metrics = metrics;
    }

    @PostMapping
    ObjectNode create(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        Experiment experiment = access.active(
                access.experiment(workspace, asked.given("experiment_id").orElse("0")));
        Optional<RunView> run = asked.given("source_run_id").map(id -> access.active(workspace, id));
        String id = "m-" + UUID.randomUUID().toString().replace("-", "");
        String name = asked.given("name").orElseGet(() -> RandomNames.of(id.substring(2)));
        // MLflow's own rule: such names would be taken for parts of a URI.
        if (name.length() > MAX_NAME || name.chars().anyMatch(c -> "/:.%\"'".indexOf(c) >= 0)) {
            throw MlflowErrors.invalid(
                    "Invalid model name ('%s') provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%%', '\"', \"'\")"
                            .formatted(name.length() > MAX_NAME ? name.substring(0, MAX_NAME) + "…" : name));
        }
        // Where MLflow before 3, and whoever looks for the run's model by its name, expect it.
        String folder = run.filter(of -> models.isTaken(workspace.id(), of.runId(), name))
                        .isPresent()
                ? name + "-" + id
                : name;
        Model model = new Model(
                id,
                run.map(RunView::experimentId).orElse(experiment.id()),
                name,
                asked.given("model_type").filter(type -> type.length() <= MAX_NAME),
                run.map(RunView::runId),
                run.isPresent() ? Optional.empty() : access.job(),
                folder,
                "PENDING",
                0,
                0,
                false,
                new Attributes(new LinkedHashMap<>(LogApi.tags(asked.messages("tags")))),
                new Attributes(new LinkedHashMap<>(params(asked))));
        models.make(workspace.id(), model);
        return answer(workspace, models.readable(workspace, id));
    }

    @GetMapping("/{id}")
    ObjectNode get(
            Workspace workspace,
            @PathVariable String id,
            @RequestParam(name = "allow_deleted", defaultValue = "false") boolean deleted) {
        Model model = models.readable(workspace, id);
        if (model.deleted() && !deleted) {
            throw LoggedModels.missing(id);
        }
        return answer(workspace, model);
    }

    @PatchMapping("/{id}")
    ObjectNode finish(Workspace workspace, @PathVariable String id, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        JsonNode given = body.path("status");
        String status = given.isNumber() && given.asInt(0) > 0 && given.asInt(0) < STATUSES.size()
                ? STATUSES.get(given.asInt(0))
                : asked.require("status").replaceFirst("^" + STATUS, "");
        if (STATUSES.indexOf(status) < 1) {
            throw MlflowErrors.invalid("Invalid model status: %s".formatted(status));
        }
        return answer(
                workspace,
                models.change(
                        workspace, id, model -> model.with(status, model.tags(), model.params(), model.deleted())));
    }

    @DeleteMapping("/{id}")
    ObjectNode delete(Workspace workspace, @PathVariable String id) {
        models.change(workspace, id, model -> model.with(model.status(), model.tags(), model.params(), true));
        return Json.object();
    }

    @PatchMapping("/{id}/tags")
    ObjectNode tag(Workspace workspace, @PathVariable String id, @Body ObjectNode body) {
        Map<String, String> tags = LogApi.tags(Asked.of(body).messages("tags"));
        Attributes added = new Attributes(new LinkedHashMap<>(tags));
        return answer(
                workspace,
                models.change(
                        workspace,
                        id,
                        model -> model.with(
                                model.status(), model.tags().merged(added), model.params(), model.deleted())));
    }

    @DeleteMapping("/{id}/tags/{key}")
    ObjectNode untag(Workspace workspace, @PathVariable String id, @PathVariable String key) {
        models.change(workspace, id, model -> {
            if (!model.tags().values().containsKey(key)) {
                throw MlflowErrors.missing("No tag with key '%s' found for model with ID '%s'.".formatted(key, id));
            }
            return model.with(model.status(), model.tags().without(List.of(key)), model.params(), model.deleted());
        });
        return Json.object();
    }

    @PostMapping("/{id}/params")
    ObjectNode params(Workspace workspace, @PathVariable String id, @Body ObjectNode body) {
        Attributes added = new Attributes(new LinkedHashMap<>(params(Asked.of(body))));
        models.change(
                workspace,
                id,
                model -> model.with(model.status(), model.tags(), model.params().merged(added), model.deleted()));
        return Json.object();
    }

    @PostMapping("/search")
    ObjectNode search(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        List<String> experiments = asked.texts("experiment_ids");
        if (experiments.size() > MAX_EXPERIMENTS) {
            throw MlflowErrors.invalid("At most %d experiments can be searched at once.".formatted(MAX_EXPERIMENTS));
        }
        List<Clause> clauses = SearchText.filter(asked.given("filter"), FIELDS);
        Comparator<Model> order = order(asked.messages("order_by"));
        Page page = Limits.page(asked, 100, MAX_PAGE);
        List<Model> found = models.of(workspace.id(), experiments);
        Map<String, List<Metrics.Scalar>> values = clauses.stream().anyMatch(c -> c.kind() == Kind.METRIC)
                ? metrics.last(
                        workspace.id(),
                        found.stream()
                                .flatMap(model -> model.run().stream())
                                .distinct()
                                .toList())
                : Map.of();
        found = found.stream()
                .filter(model -> clauses.stream().allMatch(clause -> passes(model, clause, values)))
                .sorted(order)
                .skip(page.skip())
                .limit(page.top() + 1L)
                .toList();
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("models");
        found.stream().limit(page.top()).forEach(model -> list.add(wire(workspace, model)));
        if (found.size() > page.top()) {
            answer.put("next_page_token", Limits.token(page.skip() + page.top()));
        }
        return answer;
    }

    /** A model's metrics are its run's. */
    private static boolean passes(Model model, Clause clause, Map<String, List<Metrics.Scalar>> values) {
        return switch (clause.kind()) {
            case TAG -> clause.test(Optional.ofNullable(model.tags().values().get(clause.key())));
            case PARAM ->
                clause.test(Optional.ofNullable(model.params().values().get(clause.key())));
            case METRIC ->
                values.getOrDefault(model.run().orElse(""), List.of()).stream()
                        .anyMatch(value -> value.name().equals(clause.key()) && clause.test(value.value()));
            case ATTRIBUTE ->
                switch (clause.key()) {
                    case "creation_timestamp" -> clause.test((double) model.created());
                    case "last_updated_timestamp" -> clause.test((double) model.updated());
                    default -> clause.test(attribute(model, clause.key()));
                };
            case DATASET -> false;
        };
    }

    private static Optional<String> attribute(Model model, String key) {
        return switch (key) {
            case "name" -> Optional.of(model.name());
            case "model_id" -> Optional.of(model.id());
            case "model_type" -> model.type();
            case "status" -> Optional.of(model.status());
            default -> model.run();
        };
    }

    private static Comparator<Model> order(List<Asked> keys) {
        Comparator<Model> order = (_, _) -> 0;
        for (Asked key : keys) {
            String name = key.require("field_name");
            SearchText.Order read = SearchText.order(List.of(name), FIELDS).getFirst();
            if (read.field().kind() != Kind.ATTRIBUTE) {
                throw MlflowErrors.invalid("Logged models can be sorted by attributes, not by '%s'.".formatted(name));
            }
            Comparator<Model> next = FIELDS.isNumber(read.field())
                    ? Comparator.comparingLong(
                            model -> read.field().key().startsWith("creation") ? model.created() : model.updated())
                    : Comparator.comparing(
                            model -> attribute(model, read.field().key()).orElse(""));
            boolean ascending = key.message().path("ascending").isMissingNode() || key.flag("ascending");
            order = order.thenComparing(ascending ? next : next.reversed());
        }
        return order.thenComparing(Comparator.comparingLong(Model::created).reversed())
                .thenComparing(Model::id);
    }

    private static Map<String, String> params(Asked asked) {
        Map<String, String> params = new LinkedHashMap<>();
        List<Asked> given = asked.messages("params");
        Limits.count("params", given.size(), Limits.ENTITIES);
        for (Asked param : given) {
            String key = Limits.key(param, "key", "Param key");
            params.put(key, Limits.param(param, key));
        }
        return params;
    }

    static String uri(Workspace workspace, Model model, Access access) {
        ArtifactForm form = ArtifactForm.current();
        return model.run()
                .map(run -> form.root(workspace, access.readable(workspace, run)) + "/" + model.folder())
                .orElseGet(() -> form.upload(
                        model.experimentId(), RunFiles.Root.upload(model.id()).in(model.folder())));
    }

    private ObjectNode answer(Workspace workspace, Model model) {
        ObjectNode answer = Json.object();
        answer.set("model", wire(workspace, model));
        return answer;
    }

    private ObjectNode wire(Workspace workspace, Model model) {
        ObjectNode node = Json.object();
        ObjectNode info = node.putObject("info");
        info.put("model_id", model.id());
        info.put("experiment_id", model.experimentId());
        info.put("name", model.name());
        info.put("creation_timestamp_ms", model.created());
        info.put("last_updated_timestamp_ms", model.updated());
        info.put("artifact_uri", uri(workspace, model, access));
        info.put("status", STATUS + model.status());
        model.type().ifPresent(type -> info.put("model_type", type));
        model.run().ifPresent(run -> info.put("source_run_id", run));
        RunAnswers.pairs(info.putArray("tags"), model.tags().asMap());
        RunAnswers.pairs(
                node.putObject("data").putArray("params"), model.params().asMap());
        return node;
    }
}
