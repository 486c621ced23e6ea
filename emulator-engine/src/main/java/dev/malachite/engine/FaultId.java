package dev.malachite.engine;

/** Names a fault. */
public record FaultId(String value) {

    @Override
    public String toString() {
        return value;
    }
}
