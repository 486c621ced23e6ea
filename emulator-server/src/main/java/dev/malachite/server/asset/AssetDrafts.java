package dev.malachite.server.asset;

import dev.malachite.api.Errors;
import dev.malachite.server.database.Attributes;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.ContentHash;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a version's properties as a client sends them. */
@Component
class AssetDrafts {

    private static final Set<String> DATA_TYPES = Set.of("uri_file", "uri_folder", "mltable");

    /** These have a part of their own, or are the service's alone. */
    private static final List<String> NOT_KEPT =
            List.of("description", "tags", "properties", "isArchived", "isAnonymous", "provisioningState", "jobName");

    private final StorageUris uris;
    private final MlflowFlavors mlflow;

    AssetDrafts(StorageUris uris, MlflowFlavors mlflow) {
        this.uris = uris;
        this.mlflow = mlflow;
    }

    AssetDraft read(Workspace workspace, AssetKind kind, ObjectNode sent) {
        ObjectNode document = Json.object();
        for (Map.Entry<String, JsonNode> member : sent.properties()) {
            if (NOT_KEPT.stream().noneMatch(member.getKey()::equalsIgnoreCase)) {
                document.set(member.getKey(), member.getValue().deepCopy());
            }
        }
        ObjectNode content = switch (kind) {
            case DATA -> data(workspace, document);
            case MODEL -> model(workspace, document);
            case COMPONENT -> component(document);
        };
        return AssetRules.checked(new AssetDraft(
                document,
                ContentHash.of(content),
                Json.string(sent, "description"),
                Attributes.of(Json.member(sent, "tags"), "tags"),
                Attributes.of(Json.member(sent, "properties"), "properties"),
                Json.string(sent, "jobName").or(() -> runOf(kind, document)),
                Optional.empty(),
                Json.member(sent, "isArchived").asBoolean(false),
                Json.member(sent, "isAnonymous").asBoolean(false)));
    }

    private ObjectNode data(Workspace workspace, ObjectNode document) {
        String type = Json.string(document, "dataType").orElse("uri_folder").toLowerCase(Locale.ROOT);
        if (!DATA_TYPES.contains(type)) {
            throw new AzureException(
                    Errors.invalidParameter("dataType", "it is one of uri_file, uri_folder and mltable."));
        }
        String uri = place(workspace, document, "dataUri");
        // As the service does; azure-ai-ml's own tests of data look for it.
        if (!type.equals("uri_file") && uri.startsWith("azureml://") && !uri.endsWith("/")) {
            uri += "/";
            document.put("dataUri", uri);
        }
        document.put("dataType", type);
        return Json.object().put("dataType", type).put("dataUri", uri);
    }

    private ObjectNode model(Workspace workspace, ObjectNode document) {
        String uri = place(workspace, document, "modelUri");
        if (Json.string(document, "modelType").isEmpty()) {
            document.put("modelType", "custom_model");
        }
        JsonNode flavors = Json.member(document, "flavors");
        if (!flavors.isObject() && !flavors.isNull() && !flavors.isMissingNode()) {
            throw new AzureException(Errors.invalidParameter("flavors", "it is an object."));
        }
        boolean isMlflow = Json.string(document, "modelType")
                .filter("mlflow_model"::equals)
                .isPresent();
        if (isMlflow && flavors.isEmpty()) {
            mlflow.find(workspace, uri).ifPresent(found -> document.set("flavors", found));
        }
        return Json.object().put("modelUri", uri);
    }

    private static ObjectNode component(ObjectNode document) {
        if (!(Json.member(document, "componentSpec") instanceof ObjectNode spec) || spec.isEmpty()) {
            throw new AzureException(Errors.invalidParameter("componentSpec", "it is required."));
        }
        return ComponentSpecs.content(spec);
    }

    private String place(Workspace workspace, ObjectNode document, String member) {
        String sent = Json.string(document, member)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> new AzureException(Errors.invalidParameter(member, "it is required.")));
        String uri = uris.resolve(workspace, sent, member);
        document.put(member, uri);
        return uri;
    }

    /** A model that lies among a run's artifacts is from that run. */
    private static Optional<String> runOf(AssetKind kind, ObjectNode document) {
        if (kind != AssetKind.MODEL) {
            return Optional.empty();
        }
        String start = "/datastores/workspaceartifactstore/paths/ExperimentRun/dcid.";
        String uri = Json.string(document, "modelUri").orElse("");
        int from = uri.indexOf(start);
        if (from < 0) {
            return Optional.empty();
        }
        String rest = uri.substring(from + start.length());
        int end = rest.indexOf('/');
        return Optional.of(end < 0 ? rest : rest.substring(0, end)).filter(run -> !run.isEmpty());
    }
}
