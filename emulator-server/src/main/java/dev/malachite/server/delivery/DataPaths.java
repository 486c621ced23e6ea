package dev.malachite.server.delivery;

import dev.malachite.api.Errors;
import dev.malachite.server.blob.BlobUrls;
import dev.malachite.server.blob.Containers;
import dev.malachite.server.datastore.Datastores;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import dev.malachite.server.workspace.Workspaces;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Understands the ways in which clients say where data are: datastore paths, names of assets, URLs, outputs of jobs. */
@Component
public class DataPaths {

    private static final String WORKSPACE =
            "subscriptions/([^/]+)/resourcegroups/([^/]+)/(?:providers/Microsoft.MachineLearningServices/)?workspaces/([^/]+)/";

    private static final Pattern DATASTORE = Pattern.compile(
            "azureml:/{1,3}(?:" + WORKSPACE + ")?datastores/([^/]+)(?:/paths)?(?:/(.*))?", Pattern.CASE_INSENSITIVE);

    private static final Pattern ASSET = Pattern.compile(
            "(?:azureml:)?/*(?:" + WORKSPACE
                    + "|locations/[^/]+/workspaces/[^/]+/)(data|models)/([^/]+)/(?:versions/([^/]+)|labels/([^/]+))",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern NAME = Pattern.compile("azureml:([^/:@]+)(?::([^/:@]+)|@([^/:@]+))");

    private static final Pattern JOB = Pattern.compile(
            "azureml:/{1,3}(?:" + WORKSPACE + ")?jobs/([^/]+)/outputs/([^/]+)(?:/paths)?(?:/(.*))?",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern RUN = Pattern.compile("runs:/+([^/?]+)/(.+)", Pattern.CASE_INSENSITIVE);

    /** What a job's output is called that nobody gave a name: {@code azureml_<job>_output_data_<output>}. */
    private static final Pattern OF_A_JOB = Pattern.compile("azureml_(.+)_output_data_(.+)");

    private static final int LONGEST = 4_000;

    private final Datastores datastores;
    private final Workspaces workspaces;
    private final ObjectProvider<NamedData> named;
    private final OutputPlaces outputs;

    DataPaths(Datastores datastores, Workspaces workspaces, ObjectProvider<NamedData> named, OutputPlaces outputs) {
        this.datastores = datastores;
        this.workspaces = workspaces;
        this.named = named;
        this.outputs = outputs;
    }

    /**
     * Where that is; Azure's error for what names nothing.
     *
     * @param models what a short name means: a model, else data
     */
    public DataPlace find(Workspace workspace, String uri, boolean models) {
        if (uri.length() > LONGEST) {
            throw new AzureException(Errors.invalidParameter("uri", "it is too long."));
        }
        Matcher store = DATASTORE.matcher(uri);
        if (store.matches()) {
            Workspace owner = owner(workspace, store);
            return stored(
                    owner, store.group(4), Optional.ofNullable(store.group(5)).orElse(""));
        }
        Matcher job = JOB.matcher(uri);
        if (job.matches()) {
            return ofJob(
                    owner(workspace, job),
                    job.group(4),
                    job.group(5),
                    Optional.ofNullable(job.group(6)).orElse(""));
        }
        Matcher run = RUN.matcher(uri);
        if (run.matches()) {
            return ofJob(workspace, run.group(1), "artifacts", run.group(2));
        }
        Matcher asset = ASSET.matcher(uri);
        if (asset.matches()) {
            String version = asset.group(6) == null ? "@" + asset.group(7) : asset.group(6);
            return asset(owner(workspace, asset), asset.group(4).equalsIgnoreCase("models"), asset.group(5), version);
        }
        Matcher name = NAME.matcher(uri);
        if (name.matches()) {
            return asset(workspace, models, name.group(1), name.group(2) == null ? "@" + name.group(3) : name.group(2));
        }
        return url(uri);
    }

    /** The type of the data asset that it names, for example {@code mltable}; empty for what is none. */
    Optional<String> type(Workspace workspace, String uri) {
        Matcher asset = ASSET.matcher(uri);
        if (!asset.matches() || asset.group(4).equalsIgnoreCase("models")) {
            return Optional.empty();
        }
        Workspace owner = owner(workspace, asset);
        String version = asset.group(6) == null ? "@" + asset.group(7) : asset.group(6);
        Matcher output = OF_A_JOB.matcher(asset.group(5));
        return Optional.of(output)
                .filter(Matcher::matches)
                .flatMap(job -> outputs.named(owner, job.group(1), job.group(2)).map(JobOutput::type))
                .or(() -> named.stream()
                        .flatMap(assets -> assets.find(owner, false, asset.group(5), version).stream())
                        .map(NamedData.Found::type)
                        .findFirst());
    }

    /** A place below a datastore of the workspace. */
    public DataPlace.Stored stored(Workspace workspace, String datastore, String path) {
        String clean = clean(path);
        return new DataPlace.Stored(
                datastores.container(workspace, datastore), clean, longForm(workspace, datastore, path));
    }

    private static DataPlace url(String uri) {
        Optional<BlobUrls.Target> ours = BlobUrls.parse(uri);
        if (ours.isPresent()) {
            return new DataPlace.Stored(ours.get().container(), clean(ours.get().path()), uri);
        }
        String lower = uri.toLowerCase(Locale.ROOT);
        if (lower.startsWith("https://") || lower.startsWith("http://")) {
            return new DataPlace.Elsewhere(uri);
        }
        if (lower.startsWith("azureml://registries/")) {
            throw new AzureException(Errors.userError("'%s' is in a registry; there is none here.".formatted(uri)));
        }
        if (lower.startsWith("abfss:") || lower.startsWith("adl:") || lower.startsWith("wasb")) {
            throw new AzureException(Errors.userError(
                    "'%s' lies in a storage account that is not this emulator's own and cannot be reached."
                            .formatted(uri)));
        }
        throw new AzureException(Errors.userError(
                "'%s' says nowhere to read from: a path below a datastore, a data asset or an https URL is expected; files of the client's machine must be uploaded first."
                        .formatted(uri)));
    }

    private DataPlace asset(Workspace workspace, boolean models, String name, String version) {
        Matcher output = OF_A_JOB.matcher(name);
        if (output.matches()) {
            Optional<DataPlace> place =
                    outputs.find(workspace, output.group(1), output.group(2)).map(uri -> find(workspace, uri, models));
            if (place.isPresent()) {
                return place.get();
            }
        }
        String uri = named.stream()
                .flatMap(assets -> assets.find(workspace, models, name, version).stream())
                .map(NamedData.Found::uri)
                .findFirst()
                .orElseThrow(() -> new AzureException(Errors.userError("%s with name '%s' and %s does not exist."
                        .formatted(
                                models ? "Model" : "Data",
                                name,
                                version.startsWith("@")
                                        ? "label '" + version.substring(1) + "'"
                                        : "version '" + version + "'"))));
        if (NAME.matcher(uri).matches()) {
            throw new AzureException(Errors.userError("The asset '%s' leads to another one.".formatted(name)));
        }
        return find(workspace, uri, models);
    }

    private DataPlace ofJob(Workspace workspace, String job, String output, String below) {
        if (output.equalsIgnoreCase("artifacts") || output.equalsIgnoreCase("default")) {
            String path = clean("ExperimentRun/dcid." + job + "/" + below);
            return new DataPlace.Stored(
                    Containers.artifacts(workspace.id()), path, longForm(workspace, OutputPlaces.ARTIFACTS, path));
        }
        String uri = outputs.find(workspace, job, output)
                .orElseThrow(() -> new AzureException(
                        Errors.userError("The job '%s' has no output '%s'.".formatted(job, output))));
        DataPlace place = find(workspace, uri, false);
        if (below.isEmpty() || !(place instanceof DataPlace.Stored folder)) {
            return place;
        }
        String path = clean(folder.path() + "/" + below);
        return new DataPlace.Stored(
                folder.container(), path, folder.uri().replaceFirst("/+$", "") + "/" + clean(below));
    }

    private Workspace owner(Workspace caller, Matcher named) {
        return named.group(1) == null
                ? caller
                : workspaces
                        .find(new WorkspaceRef(named.group(1), named.group(2), named.group(3)))
                        .orElseThrow(() -> new AzureException(
                                Errors.userError("There is no workspace '%s'.".formatted(named.group(3)))));
    }

    /** Blobs know no dots; what a folder of a node could not hold is refused here. */
    private static String clean(String path) {
        String clean = path.replaceAll("/{2,}", "/").replaceFirst("^/", "").replaceFirst("/$", "");
        for (String segment : clean.split("/", -1)) {
            if (segment.equals("..") || segment.equals(".")) {
                throw new AzureException(Errors.userError("The path '%s' has segments that are dots.".formatted(path)));
            }
        }
        return clean;
    }

    static String longForm(Workspace workspace, String datastore, String path) {
        return "azureml://subscriptions/%s/resourcegroups/%s/workspaces/%s/datastores/%s/paths/%s"
                .formatted(
                        workspace.ref().subscription(),
                        workspace.ref().resourceGroup(),
                        workspace.name(),
                        datastore,
                        path);
    }
}
