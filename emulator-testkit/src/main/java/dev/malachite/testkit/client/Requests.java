package dev.malachite.testkit.client;

import org.jspecify.annotations.Nullable;

/**
 * Which HTTP requests a fault strikes. Those to the control API are never struck.
 *
 * @param path a pattern over the path, without case; {@code *} stands for any text. Null: every path
 * @param method for example {@code PUT}. Null: every method
 * @param probability from 0 to 1. Null: 1
 * @param seed makes the choice by probability repeatable. Null: that of the scenario, or one of the emulator's own
 */
public record Requests(
        @Nullable String path,
        @Nullable String method,
        @Nullable Double probability,
        @Nullable Long seed) {

    /** Every request of Azure's APIs. */
    public static Requests all() {
        return new Requests(null, null, null, null);
    }

    /** Requests to paths that fit the pattern, for example {@code *}{@code /computes/*}. */
    public static Requests to(String path) {
        return new Requests(path, null, null, null);
    }

    /** Of these only those with that method. */
    public Requests method(String only) {
        return new Requests(path, only, probability, seed);
    }

    /** Of these a part, chosen by chance that the seed makes repeatable. */
    public Requests some(double share, long from) {
        return new Requests(path, method, share, from);
    }
}
