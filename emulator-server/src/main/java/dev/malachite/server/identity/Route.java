package dev.malachite.server.identity;

import dev.malachite.server.workspace.WorkspaceRef;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A request's path as routing will read it: percent signs decoded and path parameters dropped, segment by segment, or
 * {@code /%73ubscriptions} and {@code /subscriptions;x} would pass the guards under another name.
 *
 * @param segments in the case of the caller
 */
record Route(List<String> segments) {

    /** What kind of thing a path names; decides which listener serves it and which token it needs. */
    enum Kind {
        /** Health, reset, clock and the rest of {@code /_emulator}. */
        CONTROL,
        PAGE,
        /** Cloud metadata and service discovery: asked before there is a token. */
        DISCOVERY,
        /** Sign-in and token endpoints. */
        LOGIN,
        /** Managed identity and scheduled events: guarded by a header, not by a token. */
        MANAGED_IDENTITY,
        /** Azure Resource Manager. */
        ARM,
        /** What runs and SDKs use beside it: history, artifacts, metrics and so on. */
        DATA_PLANE,
        /** The way into a compute instance, which asks for itself who comes. */
        MACHINE,
        /** Everything else: blobs, which bring a signature of their own that the blob store checks. */
        BLOB
    }

    /** What the instance metadata service has for code in a node. */
    private static final Set<String> METADATA_FOR_JOBS = Set.of("identity", "scheduledevents");

    private static final Set<String> ARM_ROOTS = Set.of("subscriptions", "providers", "tenants");

    private static final Set<String> DATA_PLANE_ROOTS = Set.of(
            "history",
            "execution",
            "content",
            "artifact",
            "metric",
            "environment",
            "modelmanagement",
            "modelregistry",
            "assetstore",
            "datastore",
            "credential",
            "data",
            "dataset",
            "mlflow",
            "rp",
            "hyperdrive",
            "pipelines",
            "studioservice",
            "index");

    /** What a job needs: the part of the data plane that is served on the gateways. */
    private static final Set<String> JOB_ROOTS = Set.of(
            "history",
            "artifact",
            "metric",
            "content",
            "execution",
            "mlflow",
            "rp",
            "datastore",
            "environment",
            "modelmanagement",
            "modelregistry",
            "credential",
            "data",
            "dataset");

    private static final List<List<String>> LOGIN_ENDS = List.of(
            List.of(".well-known", "openid-configuration"),
            List.of("oauth2", "token"),
            List.of("oauth2", "v2.0", "token"),
            List.of("discovery", "keys"),
            List.of("discovery", "v2.0", "keys"),
            List.of("common", "discovery", "instance"));

    /** The deepest authority that clients are told of: {@code /adfs/tenants/{tenant}/v2.0}. */
    private static final int LOGIN_PREFIX = 4;

    static Route of(HttpServletRequest request) {
        return of(request.getRequestURI());
    }

    static Route of(String path) {
        return new Route(Arrays.stream(path.split("/", -1))
                .filter(segment -> !segment.isEmpty())
                .map(Route::decoded)
                .toList());
    }

    /** The path alone decides: a Host header or a query that looks like a signature is easily forged. */
    Kind kind() {
        String first = at(0);
        if (first.equals("_emulator")) {
            return Kind.CONTROL;
        }
        if (first.isEmpty() || first.equals("ui") || first.equals("favicon.ico")) {
            return Kind.PAGE;
        }
        if (first.equals("instances")) {
            return Kind.MACHINE;
        }
        if (ARM_ROOTS.contains(first)) {
            return Kind.ARM;
        }
        if (DATA_PLANE_ROOTS.contains(first)) {
            return Kind.DATA_PLANE;
        }
        if (first.equals("msi") || (first.equals("metadata") && METADATA_FOR_JOBS.contains(at(1)))) {
            return Kind.MANAGED_IDENTITY;
        }
        if (isLogin()) {
            return Kind.LOGIN;
        }
        return first.equals("metadata") || first.equals("discovery") ? Kind.DISCOVERY : Kind.BLOB;
    }

    /** Whether a job may come here through a gateway. */
    boolean isForJobs() {
        return switch (kind()) {
            case DATA_PLANE -> JOB_ROOTS.contains(at(0));
            case BLOB, MANAGED_IDENTITY, DISCOVERY, ARM -> true;
            case CONTROL, PAGE, LOGIN, MACHINE -> false;
        };
    }

    private boolean isLogin() {
        if (at(0).equals("common") && at(1).equals("userrealm")) {
            return true;
        }
        return LOGIN_ENDS.stream()
                .anyMatch(end -> segments.size() >= end.size()
                        && segments.size() - end.size() <= LOGIN_PREFIX
                        && lower().subList(segments.size() - end.size(), segments.size())
                                .equals(end));
    }

    /** The workspace that the path names. */
    Optional<WorkspaceRef> workspace() {
        int start = start();
        return start >= 0
                ? Optional.of(
                        new WorkspaceRef(segments.get(start + 1), segments.get(start + 3), segments.get(start + 7)))
                : Optional.empty();
    }

    /** What comes after the workspace's name, folded; empty where the path names no workspace. */
    List<String> tail() {
        int start = start();
        return start >= 0 ? lower().subList(start + 8, segments.size()) : List.of();
    }

    /** Where the workspace's id begins; below zero when there is none. */
    private int start() {
        int start = lower().indexOf("subscriptions");
        return start >= 0
                        && at(start + 2).equals("resourcegroups")
                        && at(start + 4).equals("providers")
                        && at(start + 5).equals("microsoft.machinelearningservices")
                        && at(start + 6).equals("workspaces")
                        && segments.size() > start + 7
                ? start
                : -1;
    }

    /** The run that the path names, by itself or as the owner of artifacts. */
    Optional<String> run() {
        int start = start();
        if (start < 0 || at(0).equals("mlflow")) {
            return Optional.empty();
        }
        int tail = start + 8;
        if (at(0).equals("artifact")) {
            return owner(tail + 1);
        }
        int place = at(tail).startsWith("experiment") ? tail + 2 : tail;
        boolean named = at(place).equals("runs") || at(place).equals("runid");
        return named && segments.size() > place + 1 ? Optional.of(segments.get(place + 1)) : Optional.empty();
    }

    /** The run that owns artifacts: behind what is to be done with them stand origin and container. */
    private Optional<String> owner(int action) {
        int origin = action
                + switch (at(action)) {
                    case "batch" -> at(action + 1).equals("metadata") ? 2 : 0;
                    case "prefix" -> at(action + 1).equals("contentinfo") ? 2 : 0;
                    case "metadata", "content", "contentinfo", "write" -> 1;
                    default -> 0;
                };
        if (!at(origin).equals("experimentrun") || segments.size() <= origin + 1) {
            return Optional.empty();
        }
        String container = segments.get(origin + 1);
        return Optional.of(container.startsWith("dcid.") ? container.substring("dcid.".length()) : container);
    }

    /** The segment in lower case; empty beyond the end. */
    String at(int index) {
        return index < segments.size() ? folded(segments.get(index)) : "";
    }

    /** The segments from there on, folded. */
    List<String> below(int index) {
        return lower().subList(Math.min(index, segments.size()), segments.size());
    }

    private List<String> lower() {
        return segments.stream().map(Route::folded).toList();
    }

    /** Character by character, as routing folds: a whole string's rules turn some characters into two. */
    private static String folded(String segment) {
        StringBuilder folded = new StringBuilder(segment.length());
        for (int i = 0; i < segment.length(); i++) {
            folded.append(Character.toLowerCase(segment.charAt(i)));
        }
        return folded.toString();
    }

    private static String decoded(String segment) {
        int parameters = segment.indexOf(';');
        String bare = parameters < 0 ? segment : segment.substring(0, parameters);
        try {
            return URLDecoder.decode(bare.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return bare;
        }
    }
}
