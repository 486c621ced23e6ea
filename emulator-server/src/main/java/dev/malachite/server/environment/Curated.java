package dev.malachite.server.environment;

import dev.malachite.server.environment.EnvironmentView.Dialect;
import dev.malachite.server.web.Json;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Microsoft's own environments, which nobody registers: each stands for the image of its name, which the image map leads
 * to a local one. Any such name is found; those that documents name most are listed.
 */
final class Curated {

    private static final String PREFIX = "azureml-";

    private static final Instant SINCE = Instant.parse("2020-01-01T00:00:00Z");

    private static final List<String> NAMES = List.of(
            "AzureML-ACPT-pytorch-1.13-py38-cuda11.7-gpu",
            "AzureML-Minimal",
            "AzureML-PyTorch-1.3-CPU",
            "AzureML-Scikit-learn-0.20.3",
            "AzureML-TensorFlow-2.0-CPU",
            "AzureML-Tutorial",
            "AzureML-pytorch-1.10-ubuntu18.04-py38-cuda11-gpu",
            "AzureML-responsibleai-0.21-ubuntu20.04-py38-cpu",
            "AzureML-sklearn-0.24-ubuntu18.04-py37-cpu",
            "AzureML-sklearn-1.0-ubuntu20.04-py38-cpu",
            "AzureML-tensorflow-2.7-ubuntu20.04-py38-cuda11-gpu");

    private Curated() {}

    static boolean is(String name) {
        return name.toLowerCase(Locale.ROOT).startsWith(PREFIX);
    }

    static Optional<EnvironmentView> find(String name, String version) {
        return is(name) ? Optional.of(version(name, version)) : Optional.empty();
    }

    /** One version of each that is listed. */
    static List<EnvironmentView> all() {
        return NAMES.stream().map(name -> version(name, "1")).toList();
    }

    static EnvironmentContainer container(EnvironmentView latest) {
        return new EnvironmentContainer(
                latest.name(),
                Json.object(),
                false,
                Optional.of(latest.version()),
                "2",
                SINCE,
                SINCE,
                latest.createdBy());
    }

    /** Its packages are in the image; azureml-core shows the definition all the same. */
    private static EnvironmentView version(String name, String version) {
        ObjectNode definition = Json.object();
        definition.putObject("environmentVariables");
        ObjectNode python = definition.putObject("python");
        python.put("interpreterPath", "python").put("userManagedDependencies", true);
        ObjectNode conda = python.putObject("condaDependencies");
        conda.put("name", "project_environment");
        conda.putArray("channels").add("conda-forge");
        conda.putArray("dependencies")
                .add("python=3.8")
                .addObject()
                .putArray("pip")
                .add("azureml-defaults");
        python.putNull("baseCondaEnvironment");
        ObjectNode docker = definition.putObject("docker");
        docker.put("enabled", true).put("baseImage", name).putNull("baseDockerfile");
        docker.putObject("baseImageRegistry")
                .putNull("address")
                .putNull("username")
                .putNull("password");
        ObjectNode spark = definition.putObject("spark");
        spark.putArray("repositories");
        spark.putArray("packages");
        spark.put("precachePackages", true);
        definition.putNull("inferencingStackVersion");
        return new EnvironmentView(name, version, 1, Dialect.V1, definition, false, SINCE, SINCE, "Microsoft");
    }
}
