package dev.malachite.server.asset;

import dev.malachite.api.Errors;
import dev.malachite.server.blob.BlobUrls;
import dev.malachite.server.run.Runs;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Caller;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Brings the many ways to name files into the one that the service keeps: a path in a datastore, or a URL. */
@Component
public class StorageUris {

    /** Where what a run leaves in {@code outputs/} and {@code logs/} is found. */
    private static final String ARTIFACT_STORE = "workspaceartifactstore";

    private static final Pattern SHORT =
            Pattern.compile("azureml://datastores/([^/]+)/(?:paths/)?(.*)", Pattern.CASE_INSENSITIVE);

    private static final Pattern LONG = Pattern.compile(
            "azureml://subscriptions/([^/]+)/resourcegroups/([^/]+)(?:/providers/Microsoft.MachineLearningServices)?"
                    + "/workspaces/([^/]+)/datastores/([^/]+)(?:/paths)?/(.*)",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern JOB =
            Pattern.compile("azureml://jobs/([^/]+)/outputs/([^/]+)(?:/paths)?(?:/(.*))?", Pattern.CASE_INSENSITIVE);

    private static final Pattern RUN = Pattern.compile("runs:/+([^/?]+)/(.+)", Pattern.CASE_INSENSITIVE);

    private static final Pattern URL =
            Pattern.compile("(?:https?|wasbs?|abfss?|adl)://[^\\s/]+(?:/.*)?", Pattern.CASE_INSENSITIVE);

    private static final Pattern DATASTORE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}");

    private static final int MAX_LENGTH = 4_000;

    private final Runs runs;
    private final ObjectProvider<JobOutputs> outputs;
    private final BlobUrls urls;

    StorageUris(Runs runs, ObjectProvider<JobOutputs> outputs, BlobUrls urls) {
        this.runs = runs;
        this.outputs = outputs;
        this.urls = urls;
    }

    /** A path in a datastore of a workspace, in the long form. */
    public static String of(WorkspaceRef workspace, String datastore, String path) {
        return "azureml://subscriptions/%s/resourcegroups/%s/workspaces/%s/datastores/%s/paths/%s"
                .formatted(workspace.subscription(), workspace.resourceGroup(), workspace.name(), datastore, path);
    }

    /** The path of a run's artifact. */
    public static String ofRun(WorkspaceRef workspace, String run, String path) {
        return of(workspace, ARTIFACT_STORE, "ExperimentRun/dcid." + run + "/" + path);
    }

    /**
     * The path of an artifact.
     *
     * @param id origin, container and path
     */
    public static String ofArtifact(WorkspaceRef workspace, String id) {
        return of(workspace, ARTIFACT_STORE, id);
    }

    /**
     * What is kept for a URI that a client sent.
     *
     * @param member where it stood, for the error
     */
    String resolve(Workspace workspace, String uri, String member) {
        if (uri.length() > MAX_LENGTH || uri.chars().anyMatch(Character::isISOControl)) {
            throw bad(member, "it is longer than %d characters or has control characters.".formatted(MAX_LENGTH));
        }
        Matcher match = LONG.matcher(uri);
        if (match.matches()) {
            WorkspaceRef named = new WorkspaceRef(match.group(1), match.group(2), match.group(3));
            return of(
                    isSame(named, workspace.ref()) ? workspace.ref() : named,
                    store(match.group(4), member),
                    match.group(5));
        }
        match = SHORT.matcher(uri);
        if (match.matches()) {
            return of(workspace.ref(), store(match.group(1), member), match.group(2));
        }
        match = JOB.matcher(uri);
        if (match.matches()) {
            String rest = match.group(3) == null ? "" : match.group(3);
            return output(workspace, match.group(1), match.group(2), rest, member);
        }
        match = RUN.matcher(uri);
        if (match.matches()) {
            requireRun(workspace, match.group(1), member);
            return ofRun(workspace.ref(), match.group(1), match.group(2));
        }
        if (URL.matcher(uri).matches()) {
            return BlobUrls.parse(uri)
                    .map(target -> BlobUrls.canonical(target.container(), target.path()))
                    .orElse(uri);
        }
        throw bad(
                member,
                "it is not a URI of files: azureml://datastores/<name>/paths/<path>, azureml://jobs/<job>/outputs/<name>,"
                        + " runs:/<run>/<path> and URLs are.");
    }

    /** As the caller can use it: URLs of our own storage bear the caller's name for us. */
    String shown(String uri) {
        return BlobUrls.parse(uri)
                .map(target -> urls.plain(Caller.current(), target.container(), target.path()))
                .orElse(uri);
    }

    private String output(Workspace workspace, String job, String output, String path, String member) {
        requireRun(workspace, job, member);
        if (output.equalsIgnoreCase("artifacts") || output.equalsIgnoreCase("default")) {
            return ofRun(workspace.ref(), job, path);
        }
        return outputs.getObject()
                .uri(workspace.id(), job, output)
                .map(found -> path.isEmpty() ? found : found.replaceFirst("/+$", "") + "/" + path)
                .orElseThrow(() -> bad(member, "the job '%s' has no output '%s'.".formatted(job, output)));
    }

    private void requireRun(Workspace workspace, String run, String member) {
        if (runs.find(workspace.id(), run).isEmpty()) {
            throw bad(member, "there is no job '%s' in this workspace.".formatted(run));
        }
    }

    private static String store(String name, String member) {
        if (!DATASTORE.matcher(name).matches()) {
            throw bad(member, "'%s' is not the name of a datastore.".formatted(name));
        }
        return name;
    }

    private static boolean isSame(WorkspaceRef one, WorkspaceRef other) {
        return one.armId().equalsIgnoreCase(other.armId());
    }

    private static AzureException bad(String member, String why) {
        return new AzureException(Errors.invalidParameter(member, why));
    }
}
