package dev.malachite.server.experiment;

import dev.malachite.api.Errors;
import dev.malachite.server.database.Filter;
import dev.malachite.server.database.Ordering;
import dev.malachite.server.database.Page;
import dev.malachite.server.database.Slice;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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

/** Experiments as run history's clients ask for them. */
@RestController
@RequestMapping("/history/v1.0" + WorkspaceRef.PATH)
class ExperimentController {

    private static final int PAGE = 500;

    private final Experiments experiments;

    ExperimentController(Experiments experiments) {
        this.experiments = experiments;
    }

    @GetMapping("/experiments/{experiment}")
    ObjectNode get(Workspace workspace, @PathVariable String experiment) {
        return wire(experiments
                .find(workspace.id(), experiment)
                .orElseThrow(() -> new AzureException(Errors.notFound("Experiment '" + experiment + "'"))));
    }

    @PostMapping("/experiments/{experiment}")
    ObjectNode create(Workspace workspace, @PathVariable String experiment) {
        return wire(experiments.create(workspace.id(), experiment));
    }

    @GetMapping("/experiments")
    ObjectNode list(
            Workspace workspace,
            @RequestParam(name = "$filter", defaultValue = "") String filter,
            @RequestParam(name = "$orderby", defaultValue = "") String order,
            @RequestParam(name = "$top", required = false) @Nullable Integer top,
            @RequestParam(name = "$continuationToken", required = false) @Nullable String token) {
        return wire(experiments.list(
                workspace.id(),
                Filter.all(Filter.isNull("archivedTime"), Filter.parse(filter)),
                Ordering.parse(order),
                Page.of(top, token, PAGE)));
    }

    @PostMapping("/experiments:query")
    ObjectNode query(Workspace workspace, @Body ObjectNode body) {
        JsonNode top = Json.member(body, "top");
        return wire(experiments.list(
                workspace.id(),
                Filter.all(
                        view(Json.string(body, "viewType").orElse("ActiveOnly")),
                        Filter.parse(Json.string(body, "filter").orElse(""))),
                Ordering.parse(Json.string(body, "orderby").orElse("")),
                Page.of(
                        top.isInt() ? top.intValue() : null,
                        Json.string(body, "continuationToken").orElse(null),
                        PAGE)));
    }

    @GetMapping("/experimentids/{id}")
    ObjectNode getById(Workspace workspace, @PathVariable String id) {
        return wire(experiments
                .findById(workspace.id(), id)
                .orElseThrow(() -> new AzureException(Errors.notFound("Experiment '" + id + "'"))));
    }

    @PatchMapping("/experimentids/{id}")
    ObjectNode patch(Workspace workspace, @PathVariable String id, @Body ObjectNode body) {
        return wire(experiments.patch(workspace.id(), id, body));
    }

    @PostMapping("/experimentids/{id}/tags:delete")
    ObjectNode removeTags(Workspace workspace, @PathVariable String id, @Body ObjectNode body) {
        List<String> names =
                Json.member(body, "tags").valueStream().map(JsonNode::asString).toList();
        experiments.removeTags(workspace.id(), id, names);
        ObjectNode answer = Json.object();
        answer.putObject("errors");
        return answer;
    }

    @DeleteMapping("/experimentids/{id}")
    void delete(Workspace workspace, @PathVariable String id) {
        experiments.delete(workspace.id(), id);
    }

    private static Filter view(String type) {
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "activeonly" -> Filter.isNull("archivedTime");
            case "archivedonly" -> new Filter.Not(Filter.isNull("archivedTime"));
            case "all" -> Filter.all();
            default ->
                throw new AzureException(
                        Errors.invalidParameter("viewType", "it is one of ActiveOnly, ArchivedOnly and All."));
        };
    }

    private static ObjectNode wire(Slice<Experiment> slice) {
        ObjectNode answer = Json.object();
        ArrayNode value = answer.putArray("value");
        slice.items().forEach(experiment -> value.add(wire(experiment)));
        answer.put("continuationToken", slice.next().orElse(null));
        answer.putNull("nextLink");
        return answer;
    }

    private static ObjectNode wire(Experiment experiment) {
        ObjectNode node = Json.object();
        node.put("experimentId", experiment.id());
        node.put("name", experiment.name());
        node.put("description", experiment.description().orElse(null));
        node.put("createdUtc", experiment.created().toString());
        node.set("tags", experiment.tags().json());
        Optional<String> archived = experiment.archived().map(Object::toString);
        node.put("archivedTime", archived.orElse(null));
        return node;
    }
}
