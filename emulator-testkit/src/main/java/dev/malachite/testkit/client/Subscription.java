package dev.malachite.testkit.client;

import java.util.Optional;

/**
 * A subscription that the emulator knows.
 *
 * @param id a GUID
 * @param name how it is shown
 */
public record Subscription(String id, Optional<String> name) {}
