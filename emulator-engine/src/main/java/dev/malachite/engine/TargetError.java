package dev.malachite.engine;

import java.time.Instant;

/**
 * Why a cluster could not get what it wanted; its provisioning stays succeeded, as the service's does.
 *
 * @param code Azure's word
 */
public record TargetError(String code, String message, Instant at) {}
