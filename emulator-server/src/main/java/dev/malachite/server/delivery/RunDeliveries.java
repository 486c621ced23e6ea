package dev.malachite.server.delivery;

import dev.malachite.api.Errors;
import dev.malachite.server.blob.BlobException;
import dev.malachite.server.blob.BlobStore;
import dev.malachite.server.datastore.Datastores;
import dev.malachite.server.delivery.DatasetFiles.Part;
import dev.malachite.server.delivery.RunData.Source;
import dev.malachite.server.run.RunChanges;
import dev.malachite.server.run.Runs;
import dev.malachite.server.runtime.JobData;
import dev.malachite.server.runtime.JobData.DataFile;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Brings a run of the v1 SDK its datasets and data references, and keeps its outputs, which become datasets. */
@Service
public class RunDeliveries {

    /** What the service fills in (OutputFileDatasetConfig). */
    private static final String USUAL = "dataset/{run-id}/{output-name}";

    /** Where a run has them; they are noted once, because a job's end may be told again. */
    private static final String NOTED = "outputDatasets";

    private final DataPaths paths;
    private final BlobStore blobs;
    private final DatasetFiles files;
    private final Datastores datastores;
    private final Runs runs;
    private final RunChanges changes;
    private final ObjectProvider<SavedData> saved;
    private final ForeignPlaces foreign;

    RunDeliveries(
            DataPaths paths,
            BlobStore blobs,
            DatasetFiles files,
            Datastores datastores,
            Runs runs,
            RunChanges changes,
            ObjectProvider<SavedData> saved,
            ForeignPlaces foreign) {
        this.foreign = foreign;
        this.paths = paths;
        this.blobs = blobs;
        this.files = files;
        this.datastores = datastores;
        this.runs = runs;
        this.changes = changes;
        this.saved = saved;
    }

    /**
     * Refuses a run whose data cannot be.
     *
     * @param apart whether the node has a file system of its own
     */
    public void check(Workspace workspace, String run, ObjectNode configuration, boolean apart) {
        RunData data = RunData.of(configuration);
        data.inputs().forEach(input -> places(workspace, input).forEach(part -> foreign.requireOwn(part.place())));
        data.outputs().forEach(output -> foreign.requireOwn(place(workspace, run, output)));
        for (String link : links(data).values()) {
            if (link.startsWith("/") && !apart) {
                throw new AzureException(Errors.userError(
                        "'%s' as a path on the compute: jobs here share this machine's files, so only paths relative to the working directory can be had."
                                .formatted(link)));
            }
            if (List.of(link.split("/")).contains("..")) {
                throw new AzureException(Errors.userError(
                        "'%s' cannot be a path on the compute: it has segments that are dots.".formatted(link)));
            }
        }
    }

    /**
     * What the run is given.
     *
     * @param folder the node's data folder
     */
    public RunDelivery prepare(Workspace workspace, String run, ObjectNode configuration, String folder) {
        RunData data = RunData.of(configuration);
        Map<String, String> environment = new LinkedHashMap<>();
        Map<String, String> arguments = new LinkedHashMap<>();
        List<Brought> brought = new ArrayList<>();
        List<String> datasets = new ArrayList<>();
        for (RunData.Input input : data.inputs()) {
            Brought each = brought(workspace, input);
            String value = each.direct().orElseGet(() -> folder + "/" + each.path());
            brought.add(each);
            environment.put(input.variable(), value);
            arguments.put(input.argument(), value);
            if (!input.variable().startsWith(RunData.REFERENCE.substring(1))) {
                datasets.add(input.variable() + ":" + input.mode().name().toLowerCase(Locale.ROOT));
                environment.put(RunData.REFERENCE.substring(1) + input.name(), value);
            }
        }
        List<String> folders = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        for (RunData.Output output : data.outputs()) {
            String value = folder + "/" + folder(output);
            folders.add(folder(output));
            arguments.put(output.argument(), value);
            environment.put(RunData.REFERENCE.substring(1) + output.name(), value);
            if (output.saved()) {
                environment.put(output.name(), value);
                outputs.add(output.name());
            }
        }
        // Where Run.input_datasets and Run.output_datasets look (azureml/core/run.py).
        environment.put("AZUREML_DATASET_ENVIRONMENT_VARS", String.join(",", datasets));
        environment.put("AZUREML_DATASET_FILE_OUTPUTS", String.join(";", outputs));
        environment.values().removeIf(String::isEmpty);
        Map<String, String> links = new LinkedHashMap<>();
        links(data).forEach((from, at) -> links.put(folder + "/" + from, at));
        // The longest first: one name may begin with another.
        Map<String, String> ordered = arguments.entrySet().stream()
                .sorted((one, other) -> other.getKey().length() - one.getKey().length())
                .collect(Collectors.toMap(
                        Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, LinkedHashMap::new));
        return new RunDelivery(environment, ordered, links, new Gathered(brought, folders));
    }

    /** What lies in the data folder and shall be found elsewhere too. */
    private static Map<String, String> links(RunData data) {
        Map<String, String> links = new LinkedHashMap<>();
        data.inputs().forEach(input -> input.at().ifPresent(at -> links.put(folder(input), at)));
        data.outputs().forEach(output -> output.at().ifPresent(at -> links.put(folder(output), at)));
        return links;
    }

    /** The folders of an ended run's node in which something of the user's may lie. */
    public List<Deliveries.Kept> kept(Workspace workspace, String run, ObjectNode configuration) {
        RunData data = RunData.of(configuration);
        List<Deliveries.Kept> kept = new ArrayList<>();
        for (RunData.Input input : data.inputs()) {
            if (input.mode() == JobInput.Mode.READ_WRITE
                    && places(workspace, input).getFirst().place() instanceof DataPlace.Stored stored) {
                kept.add(new Deliveries.Kept(folder(input), Deliveries.below(blobs, run, stored, path -> true)));
            }
        }
        for (RunData.Output output : data.outputs()) {
            List<Glob> globs = output.globs().stream().map(Glob::new).toList();
            kept.add(new Deliveries.Kept(
                    folder(output),
                    Deliveries.below(
                            blobs,
                            run,
                            place(workspace, run, output),
                            path -> globs.isEmpty() || globs.stream().anyMatch(glob -> glob.matches(path)))));
        }
        return kept;
    }

    /** Saves the outputs of a run that ended well as datasets, and notes them in the run. */
    public void ended(Workspace workspace, String run, ObjectNode configuration) {
        if (runs.find(workspace.id(), run)
                .filter(view -> view.document().has(NOTED))
                .isPresent()) {
            return;
        }
        ArrayNode noted = Json.array();
        for (RunData.Output output : RunData.of(configuration).outputs()) {
            if (!output.saved()) {
                continue;
            }
            String uri = place(workspace, run, output).uri();
            saved.ifAvailable(datasets -> {
                ObjectNode note = noted.addObject();
                note.set("identifier", datasets.save(workspace, uri, output.registration()));
                note.put("outputType", "RunOutput")
                        .putObject("outputDetails")
                        .put("outputName", output.name())
                        .put("mechanism", output.mounted() ? "Mount" : "Upload");
            });
        }
        if (!noted.isEmpty()) {
            ObjectNode change = Json.object();
            change.set(NOTED, noted);
            changes.patch(workspace.id(), run, change);
        }
    }

    /** What one node is given; what was fetched for it goes when it has it. */
    private final class Gathered implements JobData.Source {

        private final List<Brought> brought;
        private final List<String> folders;
        private final List<DataFile> found = new ArrayList<>();

        Gathered(List<Brought> brought, List<String> folders) {
            this.brought = brought;
            this.folders = folders;
        }

        @Override
        public JobData find() throws IOException {
            release();
            List<String> all = new ArrayList<>(folders);
            try {
                for (Brought each : brought) {
                    if (each.direct().isEmpty()) {
                        all.add(folder(each.input()));
                        files.bring(each.input(), folder(each.input()), each.parts(), found);
                    }
                }
            } catch (AzureException e) {
                throw new JobData.Missing(e.error().message());
            } catch (BlobException e) {
                throw new JobData.Missing(e.error().message());
            }
            Deliveries.checkCount(found.size());
            return new JobData(List.copyOf(found), all);
        }

        @Override
        public void release() {
            files.forget(found);
        }
    }

    /**
     * An input's way into the node.
     *
     * @param direct what a script is told instead of a path, if it is
     * @param path of the folder, or of the one file, below the data folder
     */
    private record Brought(RunData.Input input, List<Part> parts, Optional<String> direct, String path) {}

    private Brought brought(Workspace workspace, RunData.Input input) {
        List<Part> parts = places(workspace, input);
        if (input.mode() == JobInput.Mode.DIRECT) {
            String value = switch (input.source()) {
                case Source.Saved dataset -> dataset.id();
                case Source.Named dataset -> id(workspace, input, dataset);
                case Source.Place place -> place.uri();
            };
            return new Brought(input, List.of(), Optional.of(value), "");
        }
        String path =
                files.single(parts).map(name -> folder(input) + "/" + name).orElse(folder(input));
        return new Brought(input, parts, Optional.empty(), path);
    }

    private List<Part> places(Workspace workspace, RunData.Input input) {
        List<String> uris = switch (input.source()) {
            case Source.Saved dataset -> paths(workspace, input, dataset.id());
            case Source.Named dataset -> paths(workspace, input, id(workspace, input, dataset));
            case Source.Place place -> List.of(place.uri());
        };
        List<Part> parts = new ArrayList<>();
        for (String uri : uris) {
            DataPlace place = paths.find(workspace, uri, false);
            parts.add(new Part(
                    place,
                    place instanceof DataPlace.Stored stored && Glob.isOne(stored.path())
                            ? Optional.of(new Glob(stored.path()))
                            : Optional.empty()));
        }
        return parts;
    }

    /** A script that reads a dataset by itself may read what only its engine understands. */
    private List<String> paths(Workspace workspace, RunData.Input input, String id) {
        String dataflow = saved.stream()
                .flatMap(datasets -> datasets.dataflow(workspace, id).stream())
                .findFirst()
                .orElseThrow(() -> noDataset(input, id));
        return input.mode() == JobInput.Mode.DIRECT ? List.of() : DataflowPaths.of(input.name(), dataflow);
    }

    private String id(Workspace workspace, RunData.Input input, Source.Named dataset) {
        return saved.stream()
                .flatMap(datasets -> datasets.named(workspace, dataset.name(), dataset.version()).stream())
                .findFirst()
                .orElseThrow(() -> noDataset(input, dataset.name()));
    }

    private static AzureException noDataset(RunData.Input input, String what) {
        return new AzureException(Errors.userError(
                "Input '%s': there is no dataset '%s' in the workspace.".formatted(input.name(), what)));
    }

    private DataPlace.Stored place(Workspace workspace, String run, RunData.Output output) {
        String uri = output.uri()
                .orElseGet(() -> "azureml://datastores/%s/paths/%s".formatted(datastores.defaultName(workspace), USUAL))
                .replace("{run-id}", run)
                .replace("{output-name}", output.name());
        if (paths.find(workspace, uri, false) instanceof DataPlace.Stored stored) {
            return stored;
        }
        throw new AzureException(
                Errors.userError("Output '%s' cannot be written to '%s'.".formatted(output.name(), uri)));
    }

    private static String folder(RunData.Input input) {
        return "INPUT_" + input.name();
    }

    private static String folder(RunData.Output output) {
        return "OUTPUT_" + output.name();
    }
}
