package dev.malachite.server.dataset;

import dev.malachite.api.Errors;
import dev.malachite.server.database.Page;
import dev.malachite.server.database.Slice;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** The dataset service, as azureml-core calls it (_restclient/operations/dataset_operations.py). */
@RestController
@RequestMapping("/dataset/v1.0" + WorkspaceRef.PATH)
class DatasetController {

    private static final int PAGE = 100;

    private static final String BY_NAME = "name=";
    private static final String BY_SAVED = "savedDatasetId=";

    private final Datasets datasets;
    private final SavedDatasets saved;

    DatasetController(Datasets datasets, SavedDatasets saved) {
        this.datasets = datasets;
        this.saved = saved;
    }

    @GetMapping("/datasets")
    ObjectNode list(
            Workspace workspace,
            @RequestParam(defaultValue = "") String searchText,
            @RequestParam(required = false) @Nullable Integer pageSize,
            @RequestParam(required = false) @Nullable String continuationToken) {
        return page(datasets.list(workspace.id(), searchText, Page.of(pageSize, continuationToken, PAGE)));
    }

    @PostMapping("/datasets")
    ObjectNode register(
            Workspace workspace,
            @RequestParam(defaultValue = "false") boolean ifExistsOk,
            @RequestParam(defaultValue = "false") boolean updateDefinitionIfExists,
            @Body ObjectNode body) {
        return datasets.register(workspace.id(), body, ifExistsOk && updateDefinitionIfExists);
    }

    /** Two questions in one segment of the path: {@code name=…} and {@code savedDatasetId=…}. */
    @GetMapping("/datasets/query/{question}")
    ObjectNode query(
            Workspace workspace,
            @PathVariable String question,
            @RequestParam(required = false) @Nullable Integer versionId) {
        if (question.startsWith(BY_SAVED)) {
            Optional<ObjectNode> found = datasets.ofSaved(workspace.id(), question.substring(BY_SAVED.length()));
            return page(new Slice<>(found.stream().toList(), Optional.empty()));
        }
        if (!question.startsWith(BY_NAME)) {
            throw new AzureException(Errors.invalidParameter("query", "'name=' or 'savedDatasetId=' is expected."));
        }
        String name = question.substring(BY_NAME.length());
        return datasets.named(workspace.id(), name, Optional.ofNullable(versionId))
                .orElseThrow(() -> Datasets.notFound(name));
    }

    @GetMapping("/datasets/{id}")
    ObjectNode get(Workspace workspace, @PathVariable String id) {
        return datasets.find(workspace.id(), id).orElseThrow(() -> Datasets.notFound(id));
    }

    @PutMapping("/datasets/{id}")
    ObjectNode update(Workspace workspace, @PathVariable String id, @Body ObjectNode body) {
        return datasets.update(workspace.id(), id, body);
    }

    @DeleteMapping("/datasets/{name}")
    void unregister(Workspace workspace, @PathVariable String name) {
        datasets.unregister(workspace.id(), name);
    }

    @GetMapping("/datasets/{id}/definitions")
    ObjectNode definitions(
            Workspace workspace,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Integer pageSize,
            @RequestParam(required = false) @Nullable String continuationToken) {
        return page(datasets.definitions(workspace.id(), id, Page.of(pageSize, continuationToken, PAGE)));
    }

    @PostMapping("/saveddatasets")
    ObjectNode ensureSaved(Workspace workspace, @Body ObjectNode body) {
        return saved.ensureSaved(workspace.id(), body);
    }

    @GetMapping("/saveddatasets/{id}")
    ObjectNode saved(Workspace workspace, @PathVariable String id) {
        return saved.find(workspace.id(), id).orElseThrow(() -> Datasets.notFound(id));
    }

    /** Profiles, previews, snapshots and actions are made by the service's own engine. */
    @RequestMapping({"/datasets/{id}/{action:(?!definitions$).+}", "/datasets/{id}/{action:(?!definitions$).+}/{*rest}"
    })
    ObjectNode engine(Workspace workspace, @PathVariable String id, @PathVariable String action) {
        throw new AzureException(Errors.userError(
                "The emulator has no engine for datasets ('%s'): read the dataset with the SDK, which brings one (azureml-dataset-runtime)."
                        .formatted(action)));
    }

    private static ObjectNode page(Slice<ObjectNode> slice) {
        ObjectNode answer = Json.object();
        answer.putArray("value").addAll(slice.items());
        return answer.put("continuationToken", slice.next().orElse(null)).putNull("nextLink");
    }
}
