package dev.malachite.server.runtime;

import java.util.Optional;

/** Opens what workspaces have kept of registries of images; the part that keeps secrets provides it. */
@FunctionalInterface
public interface RegistryLogins {

    /** The login of {@link ImageDefinition#login}; empty where it is not kept any more. */
    Optional<RegistryLogin> open(String id);
}
