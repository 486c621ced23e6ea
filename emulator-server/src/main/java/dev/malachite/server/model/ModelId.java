package dev.malachite.server.model;

import dev.malachite.server.asset.AssetVersion;
import java.util.Optional;

/** What the v1 SDK calls a model's version: {@code name:version}. */
record ModelId(String name, String version) {

    static ModelId of(AssetVersion model) {
        return new ModelId(model.name(), model.version());
    }

    static Optional<ModelId> parse(String text) {
        int colon = text.lastIndexOf(':');
        return colon > 0 && colon < text.length() - 1
                ? Optional.of(new ModelId(text.substring(0, colon), text.substring(colon + 1)))
                : Optional.empty();
    }

    String text() {
        return name + ":" + version;
    }
}
