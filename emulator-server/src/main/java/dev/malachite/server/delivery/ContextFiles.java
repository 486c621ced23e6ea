package dev.malachite.server.delivery;

import dev.malachite.server.blob.BlobStore;
import dev.malachite.server.blob.BlobUrls;
import dev.malachite.server.runtime.BuildContexts;
import dev.malachite.server.runtime.ImageFailure;
import java.util.List;
import org.springframework.stereotype.Component;

/** Build contexts in our own blob store, which is where both SDKs upload them. */
@Component
class ContextFiles implements BuildContexts {

    private final BlobStore store;

    ContextFiles(BlobStore store) {
        this.store = store;
    }

    @Override
    public List<Source> files(String url) throws ImageFailure {
        BlobUrls.Target place = BlobUrls.parse(url)
                .orElseThrow(() -> new ImageFailure(
                        "The build context '%s' does not lie in the workspace's storage: upload the folder, as the SDKs do."
                                .formatted(url)));
        String folder = place.path().replaceFirst("/*$", "/");
        return store.list(place.container(), folder).stream()
                .map(blob -> new Source(blob.address().name().substring(folder.length()), blob.content(), blob.size()))
                .filter(source -> !source.path().isEmpty() && !source.path().endsWith("/"))
                .toList();
    }
}
