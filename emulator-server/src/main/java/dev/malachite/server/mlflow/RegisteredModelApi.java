package dev.malachite.server.mlflow;

import dev.malachite.server.asset.AssetContainer;
import dev.malachite.server.asset.AssetVersion;
import dev.malachite.server.database.Attributes;
import dev.malachite.server.database.Page;
import dev.malachite.server.mlflow.Clause.Kind;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
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

/** Registered models: the containers of model assets. */
@RestController
@RequestMapping({MlflowPaths.API + "/registered-models", MlflowPaths.PREVIEW + "/registered-models"})
class RegisteredModelApi {

    static final Searchable FIELDS = new Searchable(
            Set.of(Kind.TAG),
            Map.of("name", "name"),
            Map.of("timestamp", "last_updated_timestamp", "last_updated_timestamp", "last_updated_timestamp"),
            Set.of());

    private static final Pattern ALIAS = Pattern.compile("[A-Za-z0-9_-]{1,255}");
    private static final Pattern LIKE_A_VERSION = Pattern.compile("[vV]\\d+|latest");
    private static final int MAX_PAGE = 1_000;

    private final Registry registry;
    private final ModelAliases aliases;

    RegisteredModelApi(Registry registry, ModelAliases aliases) {
        this.registry = registry;
        this.aliases = aliases;
    }

    @PostMapping("/create")
    ObjectNode create(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        String name = asked.require("name");
        registry.make(workspace, name, asked.given("description"), LogApi.tags(asked.messages("tags")));
        return answer(workspace, name);
    }

    @GetMapping("/get")
    ObjectNode get(Workspace workspace, @RequestParam MultiValueMap<String, String> query) {
        return answer(workspace, Asked.of(query).require("name"));
    }

    @PatchMapping("/update")
    ObjectNode update(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        String name = asked.require("name");
        registry.change(
                workspace,
                name,
                document ->
                        document.put("description", asked.text("description").orElse("")));
        return answer(workspace, name);
    }

    /** As in Azure ML, where a model's name is part of its id. */
    @PostMapping("/rename")
    ObjectNode rename(Workspace workspace, @Body ObjectNode body) {
        registry.model(workspace, Asked.of(body).require("name"));
        throw MlflowErrors.invalid("Registered models cannot be renamed in Azure Machine Learning.");
    }

    @DeleteMapping("/delete")
    ObjectNode delete(Workspace workspace, @Body ObjectNode body, @RequestParam MultiValueMap<String, String> query) {
        registry.delete(workspace, either(body, query).require("name"));
        return Json.object();
    }

    @GetMapping("/search")
    ObjectNode search(Workspace workspace, @RequestParam MultiValueMap<String, String> query) {
        Asked asked = Asked.of(query);
        List<Clause> clauses = SearchText.filter(asked.given("filter"), FIELDS);
        Comparator<AssetContainer> order = Comparator.comparing(AssetContainer::name);
        List<SearchText.Order> keys = SearchText.order(asked.texts("order_by"), FIELDS);
        for (SearchText.Order key : keys.reversed()) {
            Comparator<AssetContainer> next = key.field().key().equals("name")
                    ? Comparator.comparing(AssetContainer::name)
                    : Comparator.comparing(AssetContainer::modified);
            order = (key.descending() ? next.reversed() : next).thenComparing(order);
        }
        Page page = Limits.page(asked, 100, MAX_PAGE);
        List<AssetContainer> found = registry.models(workspace).stream()
                .filter(model -> clauses.stream().allMatch(clause -> passes(model, clause)))
                .sorted(order)
                .skip(page.skip())
                .limit(page.top() + 1L)
                .toList();
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("registered_models");
        found.stream()
                .limit(page.top())
                .forEach(model -> list.add(registry.wire(
                        workspace, model, model.latest().map(List::of).orElse(List.of()))));
        if (found.size() > page.top()) {
            answer.put("next_page_token", Limits.token(page.skip() + page.top()));
        }
        return answer;
    }

    private static boolean passes(AssetContainer model, Clause clause) {
        return switch (clause.kind()) {
            case TAG -> Registry.passes(Attributes.of(Json.member(model.document(), "tags"), "tags"), clause);
            case ATTRIBUTE ->
                clause.key().equals("name")
                        ? clause.test(Optional.of(model.name()))
                        : clause.test((double) model.modified().toEpochMilli());
            case METRIC, PARAM, DATASET -> false;
        };
    }

    @PostMapping("/get-latest-versions")
    ObjectNode latest(Workspace workspace, @Body ObjectNode body) {
        return latest(workspace, Asked.of(body));
    }

    @GetMapping("/get-latest-versions")
    ObjectNode latest(Workspace workspace, @RequestParam MultiValueMap<String, String> query) {
        return latest(workspace, Asked.of(query));
    }

    private ObjectNode latest(Workspace workspace, Asked asked) {
        String name = registry.model(workspace, asked.require("name")).name();
        List<String> stages =
                asked.texts("stages").stream().map(ModelVersionApi::stage).toList();
        Map<String, String> named = aliases.of(workspace.id(), name);
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("model_versions");
        registry.latest(workspace, name).stream()
                .filter(version -> stages.isEmpty() || stages.contains(Registry.stage(version)))
                .forEach(version -> list.add(registry.wire(workspace, version, named)));
        return answer;
    }

    @PostMapping("/set-tag")
    ObjectNode setTag(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        Map<String, String> tag = LogApi.tags(List.of(asked));
        registry.change(workspace, asked.require("name"), document -> {
            tag.forEach(document.withObject("/tags")::put);
            return document;
        });
        return Json.object();
    }

    @DeleteMapping("/delete-tag")
    ObjectNode deleteTag(
            Workspace workspace, @Body ObjectNode body, @RequestParam MultiValueMap<String, String> query) {
        Asked asked = either(body, query);
        String key = asked.require("key");
        registry.change(workspace, asked.require("name"), document -> {
            document.withObject("/tags").remove(key);
            return document;
        });
        return Json.object();
    }

    @PostMapping("/alias")
    ObjectNode setAlias(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        String alias = asked.require("alias");
        if (!ALIAS.matcher(alias).matches() || LIKE_A_VERSION.matcher(alias).matches()) {
            throw MlflowErrors.invalid(
                    "Invalid alias name: '%s'. Names have 1 to 255 alphanumerics, underscores and dashes, and are neither 'latest' nor like 'v1'."
                            .formatted(alias.length() > 255 ? alias.substring(0, 255) + "…" : alias));
        }
        AssetVersion version = registry.version(workspace, asked.require("name"), asked.require("version"));
        aliases.set(workspace.id(), version.name(), alias, version.version());
        return Json.object();
    }

    @DeleteMapping("/alias")
    ObjectNode deleteAlias(
            Workspace workspace, @Body ObjectNode body, @RequestParam MultiValueMap<String, String> query) {
        Asked asked = either(body, query);
        aliases.remove(
                workspace.id(), registry.model(workspace, asked.require("name")).name(), asked.require("alias"));
        return Json.object();
    }

    @GetMapping("/alias")
    ObjectNode byAlias(Workspace workspace, @RequestParam MultiValueMap<String, String> query) {
        Asked asked = Asked.of(query);
        String name = registry.model(workspace, asked.require("name")).name();
        String alias = asked.require("alias");
        AssetVersion version = registry.version(
                workspace,
                name,
                aliases.find(workspace.id(), name, alias)
                        .orElseThrow(
                                () -> MlflowErrors.invalid("Registered model alias %s not found.".formatted(alias))));
        ObjectNode answer = Json.object();
        answer.set("model_version", registry.wire(workspace, version, aliases.of(workspace.id(), name)));
        return answer;
    }

    private ObjectNode answer(Workspace workspace, String name) {
        ObjectNode answer = Json.object();
        answer.set(
                "registered_model",
                registry.wire(workspace, registry.model(workspace, name), registry.latest(workspace, name)));
        return answer;
    }

    /** Some clients send a DELETE's message as its body, some as its query. */
    static Asked either(ObjectNode body, MultiValueMap<String, String> query) {
        return body.isEmpty() ? Asked.of(query) : Asked.of(body);
    }
}
