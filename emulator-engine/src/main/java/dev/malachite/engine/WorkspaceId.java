package dev.malachite.engine;

/**
 * A workspace's own id: a random GUID, new each time a workspace is made, because clients key their caches with it.
 *
 * @param value lower-case GUID
 */
public record WorkspaceId(String value) implements Comparable<WorkspaceId> {

    @Override
    public int compareTo(WorkspaceId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
