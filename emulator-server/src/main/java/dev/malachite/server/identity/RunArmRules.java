package dev.malachite.server.identity;

import java.util.List;
import java.util.Set;

/**
 * What a job's identity may do through Azure Resource Manager in its own workspace, so that {@code MLClient} works in a
 * job: read, get at datastores, and make assets. Compute, jobs and the workspace itself are not the job's to change.
 */
final class RunArmRules {

    /** What has versions that a script makes. */
    private static final Set<String> ASSETS = Set.of("codes", "data", "environments", "models", "components");

    private RunArmRules() {}

    /**
     * Whether that is allowed.
     *
     * @param tail the path below the workspace, in lower case
     */
    static boolean allow(String method, List<String> tail) {
        String first = tail.isEmpty() ? "" : tail.getFirst();
        return switch (method) {
            case "GET", "HEAD" -> true;
            case "PUT" -> ASSETS.contains(first) && isVersion(tail);
            case "POST" ->
                // A job is never given an account's key: what it gets opens one container.
                (first.equals("datastores")
                                && tail.size() == 3
                                && tail.getLast().equals("listsecrets"))
                        || (ASSETS.contains(first)
                                && tail.size() == 5
                                && tail.getLast().equals("startpendingupload"));
            default -> false;
        };
    }

    private static boolean isVersion(List<String> tail) {
        return tail.size() == 2 || (tail.size() == 4 && tail.get(2).equals("versions"));
    }
}
