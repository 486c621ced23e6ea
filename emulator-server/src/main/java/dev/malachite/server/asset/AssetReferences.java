package dev.malachite.server.asset;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.workspace.Workspace;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Service;

/** Finds the asset that a job's input, a component or a schedule names, in any of the forms that clients send. */
@Service
public class AssetReferences {

    private static final Pattern ARM = Pattern.compile(
            "(?:azureml:)?/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/Microsoft\\.MachineLearningServices"
                    + "/workspaces/([^/]+)/(data|models|components)/([^/]+)/(?:versions|labels)/([^/]+)",
            Pattern.CASE_INSENSITIVE);

    /** As run history and lineage name assets. */
    private static final Pattern ASSET_ID = Pattern.compile(
            "azureml://locations/([^/]+)/workspaces/([^/]+)/(data|models|components)/([^/]+)/(?:versions|labels)/([^/]+)",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern REGISTRY = Pattern.compile("azureml://registries/.*", Pattern.CASE_INSENSITIVE);

    private static final Pattern SHORT = Pattern.compile("(?:azureml:)?([^/:@]+)(?:([:@])([^/:@]+))?");

    private final AssetStore assets;

    AssetReferences(AssetStore assets) {
        this.assets = assets;
    }

    /** What {@code azureml://locations/…} an asset is called by. */
    public static String assetId(Workspace workspace, AssetKind kind, String name, String version) {
        return "azureml://locations/%s/workspaces/%s/%s/%s/versions/%s"
                .formatted(workspace.location(), workspace.id(), kind.segment(), name, version);
    }

    /** Whether the text names an asset, rather than files. */
    public static boolean isReference(String text) {
        return ARM.matcher(text).matches()
                || ASSET_ID.matcher(text).matches()
                || REGISTRY.matcher(text).matches()
                || (text.startsWith("azureml:") && SHORT.matcher(text).matches());
    }

    /**
     * The version that a reference names; empty when there is none.
     *
     * @param expected the kind that a short form such as {@code azureml:name:version} means
     */
    public Optional<AssetVersion> find(Workspace workspace, String reference, AssetKind expected) {
        Matcher arm = ARM.matcher(reference);
        if (arm.matches()) {
            boolean ours = arm.group(3).equalsIgnoreCase(workspace.name())
                    && arm.group(2).equalsIgnoreCase(workspace.ref().resourceGroup())
                    && arm.group(1).equalsIgnoreCase(workspace.ref().subscription());
            return ours
                    ? version(workspace, kind(arm.group(4)), arm.group(5), Optional.of(arm.group(6)))
                    : Optional.empty();
        }
        Matcher id = ASSET_ID.matcher(reference);
        if (id.matches()) {
            return id.group(2).equalsIgnoreCase(workspace.id().value())
                    ? version(workspace, kind(id.group(3)), id.group(4), Optional.of(id.group(5)))
                    : Optional.empty();
        }
        if (REGISTRY.matcher(reference).matches()) {
            throw new AzureException(
                    Errors.userError(("'%s' is in a registry, and the emulator has none: register the asset in the"
                                    + " workspace and name it there.")
                            .formatted(reference)));
        }
        Matcher brief = SHORT.matcher(reference);
        return brief.matches()
                ? version(workspace, expected, brief.group(1), Optional.ofNullable(brief.group(3)))
                : Optional.empty();
    }

    /** As {@link #find}; Azure's error when there is none. */
    public AssetVersion require(Workspace workspace, String reference, AssetKind expected) {
        return find(workspace, reference, expected)
                .orElseThrow(() ->
                        new AzureException(Errors.userError("Could not find asset with ID: %s".formatted(reference))));
    }

    /** Without a version, and by the names that both SDKs have for it, the newest. */
    Optional<AssetVersion> version(Workspace workspace, AssetKind kind, String name, Optional<String> version) {
        Optional<AssetVersion> exact = version.flatMap(wanted -> assets.find(workspace.id(), kind, name, wanted));
        if (exact.isPresent() || version.filter(wanted -> !isLabel(wanted)).isPresent()) {
            return exact;
        }
        return assets.latest(workspace.id(), kind, name);
    }

    private static boolean isLabel(String version) {
        return version.equalsIgnoreCase("latest")
                || version.equalsIgnoreCase("default")
                || version.equalsIgnoreCase("azureml_default");
    }

    private static AssetKind kind(String segment) {
        return AssetKind.ofSegment(segment).orElseThrow();
    }
}
