package dev.malachite.engine;

/**
 * Names one node of a cluster for its whole life.
 *
 * @param value {@code tvm-} and digits, unique in an emulator
 */
public record NodeId(String value) implements Comparable<NodeId> {

    @Override
    public int compareTo(NodeId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
