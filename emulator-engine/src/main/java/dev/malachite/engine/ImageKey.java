package dev.malachite.engine;

/**
 * Names what a job runs in: the hash of an environment's definition, so that equal definitions are built once.
 *
 * @param value hex digits
 */
public record ImageKey(String value) {

    @Override
    public String toString() {
        return value;
    }
}
