package dev.malachite.server.delivery;

import dev.malachite.server.blob.Blob;
import dev.malachite.server.blob.BlobAddress;
import dev.malachite.server.blob.BlobStore;
import dev.malachite.server.runtime.JobData;
import dev.malachite.server.runtime.JobData.DataFile;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** Finds the files of datasets and lays them out as the SDK's engine does when it downloads them (azureml-dataprep 5.4). */
@Component
class DatasetFiles {

    private static final Pattern DATASTORE = Pattern.compile("datastores/([^/]+)/", Pattern.CASE_INSENSITIVE);

    private final BlobStore blobs;
    private final Downloads downloads;

    DatasetFiles(BlobStore blobs, Downloads downloads) {
        this.blobs = blobs;
        this.downloads = downloads;
    }

    /**
     * A part of an input.
     *
     * @param glob what of the place is meant; empty for all of it
     */
    record Part(DataPlace place, Optional<Glob> glob) {}

    /** What was fetched for one job alone goes. */
    void forget(List<DataFile> files) {
        files.forEach(downloads::delete);
        files.clear();
    }

    /** "When the dataset is created from path of a single file, the download location will be path of the single file." */
    Optional<String> single(List<Part> parts) {
        if (parts.size() != 1 || parts.getFirst().glob().isPresent()) {
            return Optional.empty();
        }
        return switch (parts.getFirst().place()) {
            case DataPlace.Elsewhere elsewhere -> Optional.of(elsewhere.name());
            case DataPlace.Stored stored -> blob(stored).map(blob -> stored.name());
        };
    }

    /**
     * Adds the files of an input.
     *
     * @param root the input's folder below the data folder
     */
    void bring(RunData.Input input, String root, List<Part> parts, List<DataFile> files) throws IOException {
        boolean writable = input.mode() != JobInput.Mode.MOUNT;
        Set<String> taken = new HashSet<>();
        for (Part part : parts) {
            int before = taken.size();
            switch (part.place()) {
                case DataPlace.Elsewhere elsewhere -> {
                    files.add(downloads.file(root + "/" + elsewhere.name(), elsewhere.uri(), writable));
                    taken.add(elsewhere.name());
                }
                case DataPlace.Stored stored -> {
                    for (Named named : found(stored, part.glob(), parts.size() > 1)) {
                        if (FileNames.possible(named.name()) && taken.add(named.name())) {
                            Blob blob = named.blob();
                            files.add(new DataFile(root + "/" + named.name(), blob.content(), blob.size(), writable));
                        }
                    }
                }
            }
            if (taken.size() == before && input.mode() != JobInput.Mode.READ_WRITE) {
                throw new JobData.Missing(
                        Deliveries.nothing(input.name(), part.place().uri()));
            }
        }
    }

    private record Named(String name, Blob blob) {}

    /**
     * The files of a place, each with its name in the input's folder.
     *
     * @param among whether others stand beside it: then datastore and path tell them apart
     */
    private List<Named> found(DataPlace.Stored place, Optional<Glob> glob, boolean among) {
        Optional<Blob> exact = glob.isPresent() ? Optional.empty() : blob(place);
        String store = among ? store(place) : "";
        if (exact.isPresent()) {
            return List.of(new Named(among ? store + place.path() : place.name(), exact.get()));
        }
        String folder = glob.map(Glob::folder).orElseGet(place::path);
        String prefix = folder.isEmpty() ? "" : folder + "/";
        return blobs.list(place.container(), prefix).stream()
                .filter(blob ->
                        glob.isEmpty() || glob.get().matches(blob.address().name()))
                .map(blob -> new Named(store + blob.address().name().substring(among ? 0 : prefix.length()), blob))
                .toList();
    }

    private static String store(DataPlace.Stored place) {
        Matcher store = DATASTORE.matcher(place.uri());
        return store.find() ? store.group(1) + "/" : "";
    }

    private Optional<Blob> blob(DataPlace.Stored place) {
        return place.path().isEmpty() ? Optional.empty() : blobs.find(new BlobAddress(place.container(), place.path()));
    }
}
