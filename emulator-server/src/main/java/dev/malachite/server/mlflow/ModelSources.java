package dev.malachite.server.mlflow;

import dev.malachite.server.artifact.RunFiles;
import dev.malachite.server.asset.StorageUris;
import dev.malachite.server.workspace.Workspace;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** Where a registered model's files are: the URIs of MLflow's clients beside those that assets are kept under. */
@Component
class ModelSources {

    private static final Pattern RUN = Pattern.compile("runs:/+([^/]+)/(.+)");

    /** Both forms of {@link ArtifactForm#root}. */
    private static final Pattern ARTIFACTS = Pattern.compile(
            "(?:azureml://.+/experiments/[^/]+/runs|mlflow-artifacts:/+[^/]+)/([^/]+)/artifacts(?:/(.*))?");

    private static final Pattern LOGGED = Pattern.compile("models:/+(m-[^/@]+)");

    private static final Pattern UPLOADED = Pattern.compile(
            "(?:azureml://artifacts/([^/]+)|mlflow-artifacts:/+[^/]+/" + ArtifactForm.UPLOADS + ")/([^/]+)/(.+)");

    private static final Pattern KEPT =
            Pattern.compile("azureml://.+/datastores/workspaceartifactstore/paths/([^/]+)/([^/]+)/(.*)");

    private static final int LONGEST = 4_000;

    private final Access access;
    private final LoggedModels models;

    ModelSources(Access access, LoggedModels models) {
        this.access = access;
        this.models = models;
    }

    /** The URI that an asset keeps; others are left to the assets' own rules. */
    String kept(Workspace workspace, String source) {
        if (source.length() > LONGEST) {
            throw MlflowErrors.invalid(
                    "The source has %d characters; at most %d are allowed.".formatted(source.length(), LONGEST));
        }
        Matcher logged = LOGGED.matcher(source);
        if (logged.matches()) {
            RunFiles.Root root = models.readable(workspace, logged.group(1)).root();
            return StorageUris.ofArtifact(workspace.ref(), root.origin() + "/" + root.container() + "/" + root.below());
        }
        for (Pattern pattern : new Pattern[] {RUN, ARTIFACTS}) {
            Matcher run = pattern.matcher(source);
            if (run.matches()) {
                String id = access.readable(workspace, run.group(1)).runId();
                return StorageUris.ofRun(
                        workspace.ref(),
                        id,
                        withoutEnd(Optional.ofNullable(run.group(2)).orElse("")));
            }
        }
        Matcher uploaded = UPLOADED.matcher(source);
        if (uploaded.matches()) {
            String origin = Optional.ofNullable(uploaded.group(1)).orElse("LocalUpload");
            return StorageUris.ofArtifact(workspace.ref(), origin + "/" + uploaded.group(2) + "/" + uploaded.group(3));
        }
        return source;
    }

    private static String withoutEnd(String path) {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }

    /** As this request's client can download it. */
    String shown(Workspace workspace, String uri) {
        Matcher kept = KEPT.matcher(uri);
        if (!kept.matches()) {
            return uri;
        }
        ArtifactForm form = ArtifactForm.current();
        String path = withoutEnd(kept.group(3));
        if (kept.group(1).equals("ExperimentRun") && kept.group(2).startsWith("dcid.")) {
            String run = kept.group(2).substring("dcid.".length());
            return access.found(workspace, run)
                    .map(found -> form.root(workspace, found) + (path.isEmpty() ? "" : "/" + path))
                    .orElse(uri);
        }
        return form.upload("models", new RunFiles.Root(kept.group(1), kept.group(2), path));
    }
}
