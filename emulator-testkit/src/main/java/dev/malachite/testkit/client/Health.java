package dev.malachite.testkit.client;

import java.util.Map;
import java.util.Optional;

/**
 * How the emulator is.
 *
 * @param status {@code UP} as soon as it serves
 * @param version the emulator's version
 * @param components its parts by name, such as {@code runtime}
 */
public record Health(String status, String version, Map<String, Component> components) {

    public Health {
        components = components == null ? Map.of() : Map.copyOf(components);
    }

    /**
     * A part of the emulator.
     *
     * @param status {@code UP} or {@code DOWN}
     * @param problem what is wrong, in one sentence
     */
    public record Component(String status, Optional<String> problem) {}
}
