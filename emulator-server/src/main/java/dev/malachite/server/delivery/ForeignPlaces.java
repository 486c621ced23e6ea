package dev.malachite.server.delivery;

import dev.malachite.api.Errors;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.blob.BlobUrls;
import dev.malachite.server.blob.Containers;
import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.BodyGuard;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import dev.malachite.server.workspace.Workspaces;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Keeps those who are bound to one workspace, a job and a compute instance, from naming what lies in another one: files are
 * fetched for a job when it runs, and nobody knows then who wanted them.
 */
@Component
public class ForeignPlaces implements BodyGuard {

    private static final Pattern WORKSPACE = Pattern.compile(
            "subscriptions/([^/]+)/resourcegroups/([^/]+)/(?:providers/microsoft\\.machinelearningservices/)?workspaces/([^/?#:]+)",
            Pattern.CASE_INSENSITIVE);

    /** What is written down of runs as it is said, and read by nobody of us. */
    private static final Pattern NOTES = Pattern.compile(
            "/+(?:history|metric|artifact|content)/.*|/+mlflow/.*/mlflow/(?:runs|metrics|experiments)/[a-z-]+",
            Pattern.CASE_INSENSITIVE);

    /** Something that is put in later. */
    private static final Pattern LATER = Pattern.compile("\\$\\{\\{[^}]*}}");

    private final Workspaces workspaces;

    ForeignPlaces(Workspaces workspaces) {
        this.workspaces = workspaces;
    }

    @Override
    public void check(String path, JsonNode body) {
        Optional<WorkspaceId> bound = CallerIdentity.current().bound();
        if (bound.isPresent() && !NOTES.matcher(path).matches()) {
            WorkspaceId own = bound.get();
            check(own, workspaces.find(own).map(Workspace::ref), body);
        }
    }

    private static void check(WorkspaceId own, Optional<WorkspaceRef> name, JsonNode node) {
        if (node.isString()) {
            String text = node.stringValue();
            if (isForeign(own, name, text)) {
                throw new AzureException(Errors.forbidden(
                        "This identity is good for its own workspace only, and '%s' is not in that.".formatted(text)));
            }
        }
        node.valueStream().forEach(each -> check(own, name, each));
    }

    private static boolean isForeign(WorkspaceId own, Optional<WorkspaceRef> name, String text) {
        Matcher named = WORKSPACE.matcher(text);
        while (named.find()) {
            WorkspaceRef other = new WorkspaceRef(named.group(1), named.group(2), named.group(3));
            if (name.filter(other::isSameAs).isEmpty()) {
                return true;
            }
        }
        return Containers.owners(text).anyMatch(owner -> !owner.equals(own))
                // Whose container it is must be clear now.
                || !container(text, "one").equals(container(text, "two"));
    }

    private static Optional<String> container(String text, String later) {
        return BlobUrls.parse(LATER.matcher(text).replaceAll(later)).map(BlobUrls.Target::container);
    }
}
