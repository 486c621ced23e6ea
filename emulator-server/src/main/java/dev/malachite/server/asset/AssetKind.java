package dev.malachite.server.asset;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What can have versions under a name; environments and code are kept elsewhere. */
public enum AssetKind {
    DATA("data", "data version"),
    MODEL("models", "model version"),
    COMPONENT("components", "component version");

    private final String segment;
    private final String noun;

    AssetKind(String segment, String noun) {
        this.segment = segment;
        this.noun = noun;
    }

    /** As paths and resource types have it. */
    public String segment() {
        return segment;
    }

    String noun() {
        return noun;
    }

    String type() {
        return "Microsoft.MachineLearningServices/workspaces/" + segment;
    }

    /** The kind of a path's segment, whatever its case. */
    public static Optional<AssetKind> ofSegment(String segment) {
        String lower = segment.toLowerCase(Locale.ROOT);
        return Stream.of(values()).filter(kind -> kind.segment.equals(lower)).findFirst();
    }

    /** The kind that an input or output of this type names, for example {@code uri_folder} or {@code mlflow_model}. */
    public static AssetKind ofType(String type) {
        return type.toLowerCase(Locale.ROOT).endsWith("_model") ? MODEL : DATA;
    }
}
