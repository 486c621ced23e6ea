package dev.malachite.server.delivery;

import dev.malachite.api.Errors;
import dev.malachite.server.blob.Blob;
import dev.malachite.server.blob.BlobAddress;
import dev.malachite.server.blob.BlobException;
import dev.malachite.server.blob.BlobStore;
import dev.malachite.server.runtime.JobData;
import dev.malachite.server.runtime.JobData.DataFile;
import dev.malachite.server.runtime.NodeRuntime.FileSink;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import tools.jackson.databind.node.ObjectNode;

/**
 * Brings a job its inputs and keeps its outputs. An input lies in the node as {@code INPUT_<name>}, an output as
 * {@code OUTPUT_<name>}, as on Azure; a file in a folder of that name, so that it keeps its own.
 */
@Service
public class Deliveries {

    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

    /** Bounds what one job's files take of our memory. */
    private static final int MOST_FILES = 100_000;

    private final DataPaths paths;
    private final OutputPlaces places;
    private final BlobStore blobs;
    private final Downloads downloads;

    Deliveries(DataPaths paths, OutputPlaces places, BlobStore blobs, Downloads downloads) {
        this.paths = paths;
        this.places = places;
        this.blobs = blobs;
        this.downloads = downloads;
    }

    /** Refuses a job whose inputs or outputs cannot be; whether there are files is seen when it starts, as on Azure. */
    public void check(Workspace workspace, String run, ObjectNode definition) {
        prepare(workspace, run, definition, "/");
    }

    /**
     * What the job is given.
     *
     * @param folder the node's data folder
     */
    public Delivery prepare(Workspace workspace, String run, ObjectNode definition, String folder) {
        Map<String, String> inputs = new HashMap<>();
        Map<String, String> outputs = new HashMap<>();
        Map<String, String> environment = new LinkedHashMap<>();
        List<Brought> brought = new ArrayList<>();
        for (JobInput input : JobInput.of(definition)) {
            switch (input) {
                case JobInput.Literal literal -> literal.value().ifPresent(value -> inputs.put(literal.name(), value));
                case JobInput.Data data -> {
                    Brought file = brought(workspace, data);
                    brought.add(file);
                    String value = file.path()
                            .map(path -> folder + "/" + path)
                            .orElseGet(() -> file.place().uri());
                    inputs.put(data.name(), value);
                    environment.put("AZURE_ML_INPUT_" + data.name(), value);
                }
            }
        }
        for (Left left : left(workspace, run, definition)) {
            String value = left.direct() ? left.place().uri() : folder + "/" + left.path();
            outputs.put(left.output().name(), value);
            environment.put("AZURE_ML_OUTPUT_" + left.output().name(), value);
        }
        String command = new CommandLine(Json.string(definition, "command").orElse(""))
                .resolve((kind, name) -> Optional.ofNullable((kind.equals("inputs") ? inputs : outputs).get(name)));
        return new Delivery(command, environment, new Gathered(workspace, run, definition, brought));
    }

    /** What one node is given; what was fetched for it goes when it has it. */
    private final class Gathered implements JobData.Source {

        private final Workspace workspace;
        private final String run;
        private final ObjectNode definition;
        private final List<Brought> brought;
        private final List<DataFile> files = new ArrayList<>();

        Gathered(Workspace workspace, String run, ObjectNode definition, List<Brought> brought) {
            this.workspace = workspace;
            this.run = run;
            this.definition = definition;
            this.brought = brought;
        }

        @Override
        public JobData find() throws IOException {
            release();
            try {
                return data(workspace, run, definition, brought, files);
            } catch (AzureException e) {
                throw new JobData.Missing(e.error().message());
            } catch (BlobException e) {
                throw new JobData.Missing(e.error().message());
            }
        }

        @Override
        public void release() {
            files.forEach(downloads::delete);
            files.clear();
        }
    }

    /** Where an output of a job is, in the form that names the workspace too; empty when it has none of that name. */
    public Optional<String> output(Workspace workspace, String run, String name) {
        return places.find(workspace, run, name)
                .map(uri -> paths.find(workspace, uri, false).uri());
    }

    /** Says in an ended job where its outputs are, as the service does. */
    public void showPlaces(Workspace workspace, String run, ObjectNode definition, ObjectNode job) {
        if (definition.has("Configuration")) {
            return;
        }
        ObjectNode shown = Json.objectAt(Json.objectAt(job, "properties"), "outputs");
        for (JobOutput output : JobOutput.of(definition)) {
            if (shown.path(output.name()) instanceof ObjectNode object) {
                object.put("uri", places.uri(workspace, run, output));
            }
        }
    }

    /** What a job has left, and who takes it. */
    public record Kept(String folder, FileSink sink) {}

    /** The folders of an ended job's node in which something of the user's may lie. */
    public List<Kept> kept(Workspace workspace, String run, ObjectNode definition) {
        List<Kept> kept = new ArrayList<>();
        for (JobInput input : JobInput.of(definition)) {
            if (input instanceof JobInput.Data data && data.mode() == JobInput.Mode.READ_WRITE) {
                Brought file = brought(workspace, data);
                if (file.place() instanceof DataPlace.Stored place) {
                    kept.add(new Kept(file.folder(), sink(run, place, file.isFile())));
                }
            }
        }
        for (Left left : left(workspace, run, definition)) {
            if (!left.direct()) {
                kept.add(new Kept(
                        left.folder(), sink(run, left.place(), left.output().isFile())));
            }
        }
        return kept;
    }

    /** A file goes where the place says, whatever the job called it; a folder's files go below it. */
    private FileSink sink(String run, DataPlace.Stored place, boolean file) {
        return file
                ? (path, content) -> keep(blobs, run, place.container(), place.path(), content)
                : below(blobs, run, place, path -> true);
    }

    /** Takes the files of a folder to below that place. */
    static FileSink below(BlobStore blobs, String run, DataPlace.Stored place, Predicate<String> wanted) {
        return (path, content) -> {
            if (wanted.test(path)) {
                keep(blobs, run, place.container(), place.path().isEmpty() ? path : place.path() + "/" + path, content);
            }
        };
    }

    private static void keep(BlobStore blobs, String run, String container, String name, InputStream content)
            throws IOException {
        try {
            blobs.put(new BlobAddress(container, name), content);
        } catch (BlobException e) {
            // One file whose name no blob can have must not cost the others.
            LOG.warn("a file that {} left is not kept: {}", run, e.error().message());
        }
    }

    /**
     * An input's way into the node.
     *
     * @param folder below the data folder
     * @param path of the file or the folder below the data folder; empty for one that is not brought
     */
    private record Brought(JobInput.Data input, DataPlace place, String folder, Optional<String> path) {

        boolean isFile() {
            return input.type().equals("uri_file");
        }
    }

    private Brought brought(Workspace workspace, JobInput.Data input) {
        DataPlace place = place(workspace, "Input", input.name(), input.uri(), input.isModel());
        String folder = "INPUT_" + input.name();
        if (input.mode() == JobInput.Mode.DIRECT) {
            return new Brought(input, place, folder, Optional.empty());
        }
        String name = switch (place) {
            case DataPlace.Stored stored -> stored.name();
            case DataPlace.Elsewhere elsewhere -> elsewhere.name();
        };
        boolean file = input.type().equals("uri_file");
        if (file && !FileNames.possible(name)) {
            throw new AzureException(
                    Errors.userError("Input '%s': '%s' does not name a file.".formatted(input.name(), input.uri())));
        }
        return new Brought(input, place, folder, Optional.of(file ? folder + "/" + name : folder));
    }

    /** An output's way out of the node. */
    private record Left(JobOutput output, DataPlace.Stored place, boolean direct) {

        String folder() {
            return "OUTPUT_" + output.name();
        }

        String path() {
            return output.isFile() ? folder() + "/" + place.name() : folder();
        }
    }

    private List<Left> left(Workspace workspace, String run, ObjectNode definition) {
        List<Left> left = new ArrayList<>();
        for (JobOutput output : JobOutput.of(definition)) {
            String uri = places.uri(workspace, run, output);
            DataPlace place = place(workspace, "Output", output.name(), uri, output.isModel());
            if (!(place instanceof DataPlace.Stored stored)) {
                throw new AzureException(
                        Errors.userError("Output '%s' cannot be written to '%s': a path below a datastore is expected."
                                .formatted(output.name(), uri)));
            }
            if (output.isFile() && !FileNames.possible(stored.name())) {
                throw new AzureException(
                        Errors.userError("Output '%s': '%s' does not name a file.".formatted(output.name(), uri)));
            }
            left.add(new Left(output, stored, output.direct()));
        }
        return left;
    }

    private DataPlace place(Workspace workspace, String what, String name, String uri, boolean model) {
        try {
            DataPlace place = paths.find(workspace, uri, model);
            if (place instanceof DataPlace.Stored stored && !stored.path().isEmpty()) {
                address(stored);
            }
            return place;
        } catch (AzureException e) {
            throw refused(what, name, e.error().message());
        } catch (BlobException e) {
            throw refused(what, name, e.error().message());
        }
    }

    private static AzureException refused(String what, String name, String why) {
        return new AzureException(Errors.userError("%s '%s': %s".formatted(what, name, why)));
    }

    private static BlobAddress address(DataPlace.Stored place) {
        return new BlobAddress(place.container(), place.path());
    }

    private JobData data(
            Workspace workspace, String run, ObjectNode definition, List<Brought> brought, List<DataFile> files)
            throws IOException {
        List<String> folders = new ArrayList<>();
        for (Brought each : brought) {
            if (each.path().isPresent()) {
                bring(each, each.path().get(), files, folders);
            }
        }
        for (Left left : left(workspace, run, definition)) {
            if (!left.direct()) {
                folders.add(left.folder());
                if (left.output().mounted()) {
                    show(left, files);
                }
            }
        }
        checkCount(files.size());
        return new JobData(List.copyOf(files), folders);
    }

    static void checkCount(int files) throws JobData.Missing {
        if (files > MOST_FILES) {
            throw new JobData.Missing(
                    "The job's inputs are %d files; at most %d are brought to a node.".formatted(files, MOST_FILES));
        }
    }

    private void bring(Brought input, String path, List<DataFile> files, List<String> folders) throws IOException {
        boolean writable = input.input().mode() != JobInput.Mode.MOUNT;
        switch (input.place()) {
            case DataPlace.Elsewhere elsewhere -> {
                if (!input.isFile()) {
                    throw new JobData.Missing(
                            "Input '%s': '%s' lies outside of this emulator, where single files can be read and no folders."
                                    .formatted(input.input().name(), Fetch.shown(elsewhere.uri())));
                }
                files.add(downloads.file(path, elsewhere.uri(), writable));
            }
            case DataPlace.Stored stored -> {
                Optional<Blob> exact = stored.path().isEmpty() ? Optional.empty() : blobs.find(address(stored));
                if (input.isFile()) {
                    Blob blob = exact.orElseThrow(() -> missing(input));
                    files.add(new DataFile(path, blob.content(), blob.size(), writable));
                    return;
                }
                folders.add(path);
                List<Blob> below = below(stored);
                exact.ifPresent(blob ->
                        files.add(new DataFile(path + "/" + stored.name(), blob.content(), blob.size(), writable)));
                if (exact.isEmpty() && below.isEmpty()) {
                    throw missing(input);
                }
                add(stored, below, path, writable, files);
            }
        }
    }

    /** What lies at a mounted output's place already: a checkpoint of an earlier attempt, for example. */
    private void show(Left left, List<DataFile> files) {
        DataPlace.Stored place = left.place();
        if (left.output().isFile()) {
            blobs.find(address(place))
                    .ifPresent(blob -> files.add(new DataFile(left.path(), blob.content(), blob.size(), true)));
        } else {
            add(place, below(place), left.path(), true, files);
        }
    }

    private List<Blob> below(DataPlace.Stored folder) {
        return blobs.list(folder.container(), folder.path().isEmpty() ? "" : folder.path() + "/");
    }

    private static void add(
            DataPlace.Stored folder, List<Blob> blobs, String path, boolean writable, List<DataFile> files) {
        int root = folder.path().isEmpty() ? 0 : folder.path().length() + 1;
        for (Blob blob : blobs) {
            String name = blob.address().name().substring(root);
            // A blob may have a name that no file can have.
            if (FileNames.possible(name)) {
                files.add(new DataFile(path + "/" + name, blob.content(), blob.size(), writable));
            }
        }
    }

    private static JobData.Missing missing(Brought input) {
        return new JobData.Missing(nothing(input.input().name(), input.input().uri()));
    }

    /** In the words of Azure's own data runtime. */
    static String nothing(String input, String uri) {
        return "Execution failed: input '%s' could not be read (ScriptExecution.StreamAccess.NotFound). The requested stream was not found: nothing is at '%s'. Please make sure the request uri is correct."
                .formatted(input, Fetch.shown(uri));
    }
}
