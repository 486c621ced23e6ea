package dev.malachite.server.job;

import dev.malachite.api.Errors;
import dev.malachite.engine.JobId;
import dev.malachite.engine.RuntimeKind;
import dev.malachite.server.environment.EnvironmentReader;
import dev.malachite.server.environment.SubmittedEnvironments;
import dev.malachite.server.run.RunChanges;
import dev.malachite.server.run.RunTokens;
import dev.malachite.server.run.RunView;
import dev.malachite.server.run.Runs;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.runtime.ImageFailure;
import dev.malachite.server.runtime.JobFile;
import dev.malachite.server.runtime.Requirements;
import dev.malachite.server.tls.Certificates;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs on the client's own machine, {@code compute_target='local'} (sdk-v1.md 5.4): the service keeps their history, and
 * answers what the client unpacks over a copy of the source folder and starts.
 */
@Component
class LocalRuns {

    static final String TARGET = "local";

    /** A run on the user's machine acts as its user: these stay what they are in the user's shell. */
    private static final Set<String> OF_THE_USER = Set.of(
            "IDENTITY_ENDPOINT",
            "IDENTITY_HEADER",
            "ARM_CLOUD_METADATA_URL",
            "AZURE_SUBSCRIPTION_ID",
            "MALACHITE_SCHEDULED_EVENTS");

    private final Runs runs;
    private final RunChanges changes;
    private final RunTokens tokens;
    private final Certificates certificates;
    private final SubmittedEnvironments environments;
    private final LocalDocker docker;

    LocalRuns(
            Runs runs,
            RunChanges changes,
            RunTokens tokens,
            Certificates certificates,
            SubmittedEnvironments environments,
            LocalDocker docker) {
        this.docker = docker;
        this.environments = environments;
        this.runs = runs;
        this.changes = changes;
        this.tokens = tokens;
        this.certificates = certificates;
    }

    /**
     * Begins the run's history.
     *
     * @param base how the client calls us
     * @return a ZIP with {@code azureml-setup/Invocation.sh}
     */
    byte[] begin(
            Workspace workspace,
            String experiment,
            String runId,
            RunConfiguration configuration,
            String caller,
            String base) {
        Submissions.checkRunId(runId);
        check(configuration);
        Packages packages = packages(configuration);
        Optional<ObjectNode> container = docker.of(configuration, packages.image());
        if (runs.find(workspace.id(), runId).isPresent()) {
            throw new AzureException(Errors.conflict("A run with the id '%s' exists already.".formatted(runId)));
        }
        environments.register(workspace.id(), configuration.configuration(), caller);
        RunView run = changes.patchOrCreate(workspace.id(), experiment, runId, record(configuration), caller);
        RunTokens.RunToken token = tokens.issue(workspace.ref(), runId);
        ObjectNode setup = setup(configuration, packages, run.id());
        setup.set("docker", container.orElse(null));
        String scope = base + "/history/v1.0" + workspace.armId();
        setup.put("token", token.value());
        setup.put("url", scope + "/runs/" + runId);
        setup.put("artifacts", base + "/artifact/v2.0" + workspace.armId() + "/artifacts");
        ObjectNode variables = setup.putObject("environment");
        JobEnvironment.of(workspace, run, 1, base, token).entrySet().stream()
                .filter(variable -> !OF_THE_USER.contains(variable.getKey()))
                .forEach(variable -> variables.put(variable.getKey(), variable.getValue()));
        configuration.environmentVariables().forEach(variables::put);
        return zip(Map.of(
                "Invocation.sh",
                invocation(packages.image()),
                "local_run.py",
                resource("local_run.py"),
                "run.json",
                Json.text(setup),
                "ca.pem",
                certificates.authorityPem(),
                JobFile.PYTHON,
                JobFile.python()));
    }

    private static void check(RunConfiguration configuration) {
        configuration.check();
        if (!configuration.target().equalsIgnoreCase(TARGET)) {
            throw new AzureException(Errors.userError(
                    "A local run has the target 'local', not '%s'.".formatted(configuration.target())));
        }
        ObjectNode given = configuration.configuration();
        if (configuration.hasData()) {
            throw new AzureException(
                    Errors.userError(
                            "A run on the target 'local' is brought no data: read the dataset or the datastore in the script, or name a cluster."));
        }
        if (!(Distribution.ofConfiguration(given) instanceof Distribution.Plain plain && plain.nodes() == 1)) {
            throw new AzureException(
                    Errors.userError("A run on the target 'local' is one process; name a cluster for more of them."));
        }
    }

    /** What the client must install; without requirements it takes the interpreter as it is. */
    private record Packages(ImageDefinition image, List<String> requirements, List<String> notes) {}

    private static Packages packages(RunConfiguration configuration) {
        ImageDefinition image = EnvironmentReader.fromV1(
                Json.objectAt(configuration.configuration(), "environment"),
                LocalDocker.isWanted(configuration) ? RuntimeKind.DOCKER : RuntimeKind.PROCESS);
        if (image.userManaged()) {
            return new Packages(image, List.of(), List.of());
        }
        List<String> notes = new ArrayList<>();
        try {
            return new Packages(image, Requirements.lines(image, notes::add), notes);
        } catch (ImageFailure e) {
            throw new AzureException(
                    Errors.userError(Optional.ofNullable(e.getMessage()).orElse("The environment cannot be built.")));
        }
    }

    private static ObjectNode record(RunConfiguration configuration) {
        ObjectNode record = Json.object();
        record.put("runType", "azureml.scriptrun").put("target", TARGET).put("status", "Starting");
        configuration.script().ifPresent(script -> record.put("scriptName", script));
        configuration.parentRunId().ifPresent(parent -> record.put("parentRunId", parent));
        record.putObject("properties").put("_azureml.ComputeTargetType", TARGET);
        record.set("runDefinition", configuration.submission());
        return record;
    }

    private static ObjectNode setup(RunConfiguration configuration, Packages packages, JobId run) {
        ObjectNode setup = Json.object();
        setup.put("id", run.run());
        setup.put("script", configuration.script().orElse(""));
        strings(setup.putArray("arguments"), configuration.arguments());
        setup.put("command", configuration.command().orElse(null));
        setup.put("maxSeconds", configuration.maxRun().map(Duration::toSeconds).orElse(0L));
        setup.put(
                "interpreter", packages.image().userManaged() ? packages.image().interpreter() : "python");
        setup.put("environmentKey", packages.image().key().value());
        setup.put(
                "pythonVersion",
                packages.image()
                        .pythonVersion()
                        .map(version -> version.split("\\.", -1))
                        .filter(parts -> parts.length > 1)
                        .map(parts -> parts[0] + "." + parts[1])
                        .orElse(null));
        strings(setup.putArray("requirements"), packages.requirements());
        strings(setup.putArray("notes"), packages.notes());
        return setup;
    }

    private static void strings(ArrayNode array, List<String> strings) {
        strings.forEach(array::add);
    }

    /** The first Python that works does the rest; a script in another language may have its user's machine to itself. */
    private static String invocation(ImageDefinition image) {
        String own = image.userManaged() ? "'" + image.interpreter() + "' " : "";
        return """
                #!/bin/bash
                cd "$(dirname "$0")/.." || exit 1
                for python in python3 %spython; do
                  if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 6))' >/dev/null 2>&1; then
                    exec "$python" azureml-setup/local_run.py
                  fi
                done
                echo "A run on the target 'local' needs a Python of version 3.6 or later on the PATH." >&2
                exit 1
                """.formatted(own);
    }

    private static byte[] zip(Map<String, String> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry("azureml-setup/" + file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static String resource(String name) {
        try (InputStream file = LocalRuns.class.getResourceAsStream("/runtime/" + name)) {
            if (file == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
