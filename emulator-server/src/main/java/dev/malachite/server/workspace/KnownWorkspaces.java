package dev.malachite.server.workspace;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Workspaces by name as they were last committed: almost every request names one, and they hardly ever change. */
final class KnownWorkspaces {

    private static final int MOST = 1_000;

    private final Map<Name, WorkspaceRow> known = new HashMap<>();
    private long changes;

    /** As the database compares it. */
    private record Name(String subscription, String group, String name) {

        static Name of(WorkspaceRef ref) {
            return new Name(
                    WorkspaceRow.key(ref.subscription()),
                    WorkspaceRow.key(ref.resourceGroup()),
                    WorkspaceRow.key(ref.name()));
        }
    }

    /** Each caller gets a document of its own. */
    Optional<Workspace> find(WorkspaceRef ref, Supplier<Optional<WorkspaceRow>> read) {
        Name name = Name.of(ref);
        long before;
        synchronized (this) {
            WorkspaceRow row = known.get(name);
            if (row != null) {
                return Optional.of(row.toWorkspace());
            }
            before = changes;
        }
        Optional<WorkspaceRow> row = read.get();
        row.ifPresent(found -> keep(name, found, before));
        return row.map(WorkspaceRow::toWorkspace);
    }

    /** What was read while something changed may be what was there before. */
    private synchronized void keep(Name name, WorkspaceRow row, long before) {
        if (before == changes && known.size() < MOST) {
            known.put(name, row);
        }
    }

    /** Called after each commit that may have changed one. */
    synchronized void forget() {
        changes++;
        known.clear();
    }
}
