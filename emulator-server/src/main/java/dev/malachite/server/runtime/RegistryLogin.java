package dev.malachite.server.runtime;

/** How somebody signs in at a registry of images; its password is in no text of it. */
public record RegistryLogin(String registry, String username, String password) {

    @Override
    public String toString() {
        return "RegistryLogin[" + registry + "]";
    }
}
