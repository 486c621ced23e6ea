package dev.malachite.server.web;

import tools.jackson.databind.JsonNode;

/** Looks into what a request says before anybody acts on it, and ends the request where it may not be said. */
@FunctionalInterface
public interface BodyGuard {

    /**
     * Looks into one.
     *
     * @param path of the request, as it was sent
     */
    void check(String path, JsonNode body);
}
