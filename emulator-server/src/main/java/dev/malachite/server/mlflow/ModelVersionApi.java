package dev.malachite.server.mlflow;

import dev.malachite.server.asset.AssetVersion;
import dev.malachite.server.database.Filter;
import dev.malachite.server.database.Page;
import dev.malachite.server.mlflow.Clause.Kind;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Versions of registered models: model assets of every SDK. */
@RestController
@RequestMapping({MlflowPaths.API + "/model-versions", MlflowPaths.PREVIEW + "/model-versions"})
class ModelVersionApi {

    private static final Searchable FIELDS = new Searchable(
            Set.of(Kind.TAG),
            Map.of("name", "name", "run_id", "run_id", "source_path", "source_path"),
            Map.of(
                    "version_number", "version_number",
                    "creation_timestamp", "creation_timestamp",
                    "last_updated_timestamp", "last_updated_timestamp"),
            Set.of("run_id"));

    private static final int PAGE = 10_000;

    private final Registry registry;
    private final ModelAliases aliases;

    ModelVersionApi(Registry registry, ModelAliases aliases) {
        this.registry = registry;
        this.aliases = aliases;
    }

    @PostMapping("/create")
    ObjectNode create(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        return answer(
                workspace,
                registry.register(workspace, asked.require("name"), asked, LogApi.tags(asked.messages("tags"))));
    }

    @GetMapping("/get")
    ObjectNode get(Workspace workspace, @RequestParam MultiValueMap<String, String> query) {
        return answer(workspace, version(workspace, Asked.of(query)));
    }

    @GetMapping("/get-download-uri")
    ObjectNode downloadUri(Workspace workspace, @RequestParam MultiValueMap<String, String> query) {
        return Json.object().put("artifact_uri", registry.downloadUri(workspace, version(workspace, Asked.of(query))));
    }

    @PatchMapping("/update")
    ObjectNode update(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        String description = asked.text("description").orElse("");
        return answer(
                workspace,
                registry.change(
                        workspace,
                        version(workspace, asked),
                        properties -> properties.put("description", description)));
    }

    @PostMapping("/transition-stage")
    ObjectNode move(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        String stage = stage(asked.require("stage"));
        return answer(
                workspace,
                registry.move(workspace, version(workspace, asked), stage, asked.flag("archive_existing_versions")));
    }

    @DeleteMapping("/delete")
    ObjectNode delete(Workspace workspace, @Body ObjectNode body, @RequestParam MultiValueMap<String, String> query) {
        Asked asked = RegisteredModelApi.either(body, query);
        registry.delete(workspace, asked.require("name"), asked.require("version"));
        return Json.object();
    }

    @GetMapping("/search")
    ObjectNode search(Workspace workspace, @RequestParam MultiValueMap<String, String> query) {
        Asked asked = Asked.of(query);
        List<Clause> clauses = SearchText.filter(asked.given("filter"), FIELDS);
        // By name, which is how nearly everybody asks, an index finds them.
        Filter named = clauses.stream()
                .filter(clause -> clause.key().equals("name") && clause.op() == Clause.Op.EQ)
                .findFirst()
                .map(clause -> Filter.eq("name", clause.value()))
                .orElse(Filter.all());
        Comparator<AssetVersion> order = (_, _) -> 0;
        for (SearchText.Order key : SearchText.order(asked.texts("order_by"), FIELDS)) {
            Comparator<AssetVersion> next = by(key.field().key());
            order = order.thenComparing(key.descending() ? next.reversed() : next);
        }
        Page page = Limits.page(asked, PAGE, PAGE);
        List<AssetVersion> found = registry.versions(workspace, named).stream()
                .filter(version -> clauses.stream().allMatch(clause -> passes(workspace, version, clause)))
                .sorted(order)
                .skip(page.skip())
                .limit(page.top() + 1L)
                .toList();
        Map<String, Map<String, String>> aliasesOf = new HashMap<>();
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("model_versions");
        found.stream()
                .limit(page.top())
                .forEach(version -> list.add(registry.wire(
                        workspace,
                        version,
                        aliasesOf.computeIfAbsent(version.name(), name -> aliases.of(workspace.id(), name)))));
        if (found.size() > page.top()) {
            answer.put("next_page_token", Limits.token(page.skip() + page.top()));
        }
        return answer;
    }

    private boolean passes(Workspace workspace, AssetVersion version, Clause clause) {
        return switch (clause.kind()) {
            case TAG -> Registry.passes(version.tags(), clause);
            case ATTRIBUTE ->
                switch (clause.key()) {
                    case "name" -> clause.test(Optional.of(version.name()));
                    case "run_id" -> clause.test(version.runId());
                    case "source_path" -> clause.test(Optional.of(registry.source(workspace, version)));
                    case "version_number" -> clause.test((double) number(version));
                    case "creation_timestamp" ->
                        clause.test((double) version.created().toEpochMilli());
                    default -> clause.test((double) version.modified().toEpochMilli());
                };
            case METRIC, PARAM, DATASET -> false;
        };
    }

    private static Comparator<AssetVersion> by(String key) {
        return switch (key) {
            case "name" -> Comparator.comparing(AssetVersion::name);
            case "version_number" -> Comparator.comparingLong(ModelVersionApi::number);
            case "creation_timestamp" -> Comparator.<AssetVersion, Instant>comparing(AssetVersion::created);
            case "last_updated_timestamp" -> Comparator.<AssetVersion, Instant>comparing(AssetVersion::modified);
            default -> throw MlflowErrors.invalid("Model versions cannot be sorted by '%s'.".formatted(key));
        };
    }

    /** Other SDKs name versions as they like: those come before the first. */
    private static long number(AssetVersion version) {
        try {
            return Long.parseLong(version.version());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    @PostMapping("/set-tag")
    ObjectNode setTag(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        Map<String, String> tag = LogApi.tags(List.of(asked));
        registry.change(workspace, version(workspace, asked), properties -> {
            tag.forEach(properties.withObject("/tags")::put);
            return properties;
        });
        return Json.object();
    }

    @DeleteMapping("/delete-tag")
    ObjectNode deleteTag(
            Workspace workspace, @Body ObjectNode body, @RequestParam MultiValueMap<String, String> query) {
        Asked asked = RegisteredModelApi.either(body, query);
        String key = asked.require("key");
        registry.change(workspace, version(workspace, asked), properties -> {
            properties.withObject("/tags").remove(key);
            return properties;
        });
        return Json.object();
    }

    private AssetVersion version(Workspace workspace, Asked asked) {
        return registry.version(workspace, asked.require("name"), asked.require("version"));
    }

    /** Whatever its case. */
    static String stage(String asked) {
        return Registry.STAGES.stream()
                .filter(stage -> stage.equalsIgnoreCase(asked))
                .findFirst()
                .orElseThrow(() -> MlflowErrors.invalid("Invalid Model Version stage: %s. Value must be one of %s."
                        .formatted(asked, String.join(", ", Registry.STAGES))));
    }

    private ObjectNode answer(Workspace workspace, AssetVersion version) {
        ObjectNode answer = Json.object();
        answer.set("model_version", registry.wire(workspace, version, aliases.of(workspace.id(), version.name())));
        return answer;
    }
}
