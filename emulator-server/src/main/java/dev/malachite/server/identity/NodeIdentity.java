package dev.malachite.server.identity;

import java.util.Optional;

/**
 * A managed identity of the machine that a job runs on.
 *
 * @param principalId its object in the directory
 * @param clientId its application
 * @param resourceId empty for the machine's own (system-assigned), else the identity's id in Resource Manager
 */
public record NodeIdentity(String principalId, String clientId, Optional<String> resourceId) {}
