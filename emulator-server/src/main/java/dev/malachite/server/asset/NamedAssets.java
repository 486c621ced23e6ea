package dev.malachite.server.asset;

import dev.malachite.server.delivery.NamedData;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Gives jobs the data and models that have a name here, and a name to what jobs leave. */
@Component
class NamedAssets implements NamedData {

    /** Who registers the outputs of jobs. */
    private static final String SERVICE = "azureml";

    private final AssetReferences references;
    private final AssetStore assets;

    NamedAssets(AssetReferences references, AssetStore assets) {
        this.references = references;
        this.assets = assets;
    }

    @Override
    public Optional<Found> find(Workspace workspace, boolean models, String name, String version) {
        AssetKind kind = models ? AssetKind.MODEL : AssetKind.DATA;
        Optional<String> wanted = Optional.of(version.startsWith("@") ? version.substring(1) : version);
        return references.version(workspace, kind, name, wanted).flatMap(NamedAssets::found);
    }

    @Override
    public Found register(
            Workspace workspace,
            String name,
            Optional<String> version,
            String type,
            String uri,
            Map<String, String> properties,
            String run) {
        boolean model = type.toLowerCase(Locale.ROOT).endsWith("_model");
        AssetKind kind = model ? AssetKind.MODEL : AssetKind.DATA;
        ObjectNode document = Json.object();
        document.put(model ? "modelType" : "dataType", type).put(model ? "modelUri" : "dataUri", uri);
        ObjectNode more = document.putObject("properties");
        properties.forEach(more::put);
        more.put("azureml.jobName", run);
        if (version.isEmpty()) {
            Optional<AssetVersion> same = assets.latest(workspace.id(), kind, name)
                    .filter(latest -> latest.properties()
                            .asMap()
                            .getOrDefault("azureml.jobName", "")
                            .equals(run));
            if (same.isPresent()) {
                return found(same.get()).orElseThrow();
            }
        }
        return found(assets.put(workspace, kind, name, version, document, SERVICE)
                        .version())
                .orElseThrow();
    }

    private static Optional<Found> found(AssetVersion version) {
        return version.uri().map(uri -> new Found(version.name(), version.version(), version.type(), uri));
    }
}
