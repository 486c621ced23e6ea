package dev.malachite.engine;

/**
 * Names a long-running operation.
 *
 * @param value GUID
 */
public record OperationId(String value) {}
