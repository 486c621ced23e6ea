package dev.malachite.engine;

/** Names a fault. */
public record FaultId(String value) implements Comparable<FaultId> {

    @Override
    public int compareTo(FaultId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
