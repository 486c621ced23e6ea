package dev.malachite.server.delivery;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The data of a run of the v1 SDK, as its run configuration names them: {@code data}, {@code outputData} and
 * {@code dataReferences} (azureml/core/runconfig.py).
 */
record RunData(List<Input> inputs, List<Output> outputs) {

    private static final int MOST = 100;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]{1,255}");

    /** How a script's arguments name them (azureml/data/constants.py, data_reference.py). */
    private static final String INPUT = "DatasetConsumptionConfig:";

    private static final String OUTPUT = "DatasetOutputConfig:";
    static final String REFERENCE = "$AZUREML_DATAREFERENCE_";

    /** What an input is made of. */
    sealed interface Source {

        /** A dataset that was saved. */
        record Saved(String id) implements Source {}

        /** A registered dataset. */
        record Named(String name, Optional<Integer> version) implements Source {}

        /** A place. */
        record Place(String uri) implements Source {}
    }

    /**
     * An input.
     *
     * @param variable what its place is called in the environment
     * @param argument what stands for its place among the arguments
     * @param at where else it shall be found: an absolute path, or one relative to the working directory
     */
    record Input(
            String name, Source source, JobInput.Mode mode, String variable, String argument, Optional<String> at) {}

    /**
     * An output.
     *
     * @param uri where it goes; empty for the usual place
     * @param globs which files are kept; all when there are none
     * @param saved whether it is a dataset afterwards
     */
    record Output(
            String name,
            Optional<String> uri,
            boolean mounted,
            List<String> globs,
            String argument,
            Optional<String> at,
            boolean saved,
            ObjectNode registration) {}

    static RunData of(ObjectNode configuration) {
        List<Input> inputs = new ArrayList<>();
        List<Output> outputs = new ArrayList<>();
        each(configuration, "data", (name, data) -> inputs.add(input(name, data)));
        each(configuration, "outputData", (name, data) -> outputs.add(output(name, data)));
        each(configuration, "dataReferences", (name, data) -> reference(name, data, inputs, outputs));
        if (inputs.size() + outputs.size() > MOST) {
            throw new AzureException(Errors.userError("A run has at most %d inputs and outputs.".formatted(MOST)));
        }
        return new RunData(inputs, outputs);
    }

    /** As the SDK has it (azureml/data/_config_helper.py); a data reference that nobody named has a name of digits. */
    private static String checked(String name, String what) {
        if (!NAME.matcher(name).matches()) {
            throw new AzureException(Errors.userError(
                    "'%s' cannot be a name in %s: letters, digits and underscores are allowed.".formatted(name, what)));
        }
        return name;
    }

    private interface Reader {
        void read(String name, JsonNode data);
    }

    private static void each(ObjectNode configuration, String section, Reader reader) {
        for (Map.Entry<String, JsonNode> entry :
                Json.objectAt(configuration, section).properties()) {
            if (!entry.getValue().isNull()) {
                reader.read(checked(entry.getKey(), section), entry.getValue());
            }
        }
    }

    private static Input input(String name, JsonNode data) {
        String mechanism = Json.string(data, "mechanism").orElse("").toLowerCase(Locale.ROOT);
        JobInput.Mode mode = switch (mechanism) {
            case "mount" -> JobInput.Mode.MOUNT;
            case "download" -> JobInput.Mode.DOWNLOAD;
            case "direct" -> JobInput.Mode.DIRECT;
            default ->
                throw new AzureException(
                        Errors.userError("Input '%s': the mechanism '%s' is none of direct, download, mount."
                                .formatted(name, mechanism)));
        };
        return new Input(
                name,
                source(name, Json.objectAt(data, "dataLocation")),
                mode,
                text(data, "environmentVariableName")
                        .map(variable -> checked(variable, "the environment"))
                        .orElse(name),
                INPUT + name,
                text(data, "pathOnCompute"));
    }

    private static Source source(String name, ObjectNode location) {
        ObjectNode dataset = Json.objectAt(location, "dataset");
        Optional<Source> saved = text(dataset, "id").map(Source.Saved::new);
        Optional<Source> named = text(dataset, "name").map(text -> new Source.Named(text, version(dataset)));
        Optional<Source> place = path(location)
                .or(() -> text(Json.objectAt(location, "uri"), "path"))
                .map(Source.Place::new);
        return saved.or(() -> named)
                .or(() -> place)
                .orElseThrow(() -> new AzureException(
                        Errors.userError("Input '%s' names neither a dataset nor a path.".formatted(name))));
    }

    private static Optional<Integer> version(ObjectNode dataset) {
        return text(dataset, "version").filter(text -> !text.equals("latest")).map(text -> {
            try {
                return Integer.valueOf(text);
            } catch (NumberFormatException e) {
                throw new AzureException(
                        Errors.userError("'%s' is no version of a dataset: they are numbers.".formatted(text)));
            }
        });
    }

    private static Output output(String name, JsonNode data) {
        String mechanism = Json.string(data, "mechanism").orElse("").toLowerCase(Locale.ROOT);
        if (!mechanism.equals("mount") && !mechanism.equals("upload")) {
            throw new AzureException(Errors.userError(
                    "Output '%s': the mechanism '%s' is none of mount, upload.".formatted(name, mechanism)));
        }
        ObjectNode options = Json.objectAt(data, "additionalOptions");
        ObjectNode registration = Json.objectAt(options, "registrationOptions");
        if (text(Json.objectAt(registration, "datasetRegistrationOptions"), "additionalTransformation")
                .isPresent()) {
            throw new AzureException(Errors.userError(
                    "Output '%s': its files cannot be read as a table here, because the emulator has no engine for datasets; register it as files."
                            .formatted(name)));
        }
        List<String> globs = new ArrayList<>();
        ObjectNode patterns = Json.objectAt(Json.objectAt(options, "uploadOptions"), "sourceGlobs");
        for (String list : List.of("patterns", "globPatterns")) {
            Json.member(patterns, list).forEach(glob -> globs.add(glob.asString("")));
        }
        return new Output(
                name,
                path(Json.objectAt(data, "outputLocation")),
                mechanism.equals("mount"),
                globs,
                OUTPUT + name,
                text(options, "pathOnCompute"),
                true,
                registration);
    }

    /** A folder of a datastore: as it was before there were datasets. What is written into a mounted one stays there. */
    private static void reference(String name, JsonNode data, List<Input> inputs, List<Output> outputs) {
        String mode = Json.string(data, "mode").orElse("mount").toLowerCase(Locale.ROOT);
        String store = text(data, "dataStoreName")
                .orElseThrow(() -> new AzureException(
                        Errors.userError("The data reference '%s' names no datastore.".formatted(name))));
        String uri = uri(store, text(data, "pathOnDataStore").orElse(""));
        Optional<String> at = text(data, "pathOnCompute");
        String variable = REFERENCE.substring(1) + name;
        switch (mode) {
            case "mount" ->
                inputs.add(new Input(
                        name, new Source.Place(uri), JobInput.Mode.READ_WRITE, variable, REFERENCE + name, at));
            case "download" ->
                inputs.add(
                        new Input(name, new Source.Place(uri), JobInput.Mode.DOWNLOAD, variable, REFERENCE + name, at));
            case "upload" ->
                outputs.add(new Output(
                        name, Optional.of(uri), false, List.of(), REFERENCE + name, at, false, Json.object()));
            default ->
                throw new AzureException(
                        Errors.userError("The data reference '%s': the mode '%s' is none of mount, download, upload."
                                .formatted(name, mode)));
        }
    }

    private static Optional<String> path(ObjectNode location) {
        ObjectNode path = Json.objectAt(location, "dataPath");
        return text(path, "datastoreName")
                .map(store -> uri(store, text(path, "relativePath").orElse("")));
    }

    private static String uri(String datastore, String path) {
        return "azureml://datastores/%s/paths/%s".formatted(datastore, path);
    }

    private static Optional<String> text(JsonNode node, String name) {
        return Json.string(node, name).filter(text -> !text.isBlank());
    }
}
