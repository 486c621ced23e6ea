package dev.malachite.server.delivery;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import tools.jackson.databind.JsonNode;

/** Reads which files a dataset's definition names; what it does with them beyond that only its native engine knows. */
final class DataflowPaths {

    private static final int MAX_TEXT = 900_000;
    private static final int MOST = 1_000;

    private DataflowPaths() {}

    /** The paths, patterns among them. */
    static List<String> of(String input, String dataflow) {
        JsonNode tree = tree(input, dataflow);
        if (!Json.member(tree, "transformations").isEmpty()) {
            throw refused(
                    input,
                    "the dataset is more than files: its definition has steps that only the SDK's engine takes. Use it directly (as_named_input), with azureml-dataset-runtime in the environment");
        }
        List<String> paths = new ArrayList<>();
        for (JsonNode entry : Json.member(tree, "paths")) {
            for (String kind : List.of("pattern", "file", "folder")) {
                Json.string(entry, kind).ifPresent(path -> paths.add(kind.equals("folder") ? path + "/**" : path));
            }
        }
        if (paths.isEmpty() || paths.size() > MOST) {
            throw refused(input, "its dataset names %d paths; 1 to %d are expected".formatted(paths.size(), MOST));
        }
        return paths;
    }

    private static JsonNode tree(String input, String dataflow) {
        if (dataflow.length() > MAX_TEXT) {
            throw refused(input, "the dataset's definition is too long");
        }
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(20);
        options.setNestingDepthLimit(50);
        try {
            Object loaded = new Yaml(new SafeConstructor(options)).load(dataflow);
            return Json.mapper().valueToTree(loaded);
        } catch (YAMLException e) {
            throw refused(input, "the dataset's definition is not valid YAML");
        }
    }

    private static AzureException refused(String input, String why) {
        return new AzureException(Errors.userError("Input '%s': %s.".formatted(input, why)));
    }
}
