package dev.malachite.engine;

import java.util.Comparator;
import java.util.Locale;

/**
 * Names one compute target. Azure compares names without case.
 *
 * @param workspace the workspace it belongs to
 * @param name lower case
 */
public record TargetId(WorkspaceId workspace, String name) implements Comparable<TargetId> {

    private static final Comparator<TargetId> ORDER =
            Comparator.comparing(TargetId::workspace).thenComparing(TargetId::name);

    public TargetId {
        name = name.toLowerCase(Locale.ROOT);
    }

    @Override
    public int compareTo(TargetId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return workspace + "/" + name;
    }
}
