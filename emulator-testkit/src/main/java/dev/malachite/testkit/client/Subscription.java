package dev.malachite.testkit.client;

import com.fasterxml.jackson.annotation.JsonAlias;
import java.util.Optional;

/**
 * A subscription that the emulator knows.
 *
 * @param id a GUID
 * @param name how it is shown
 */
public record Subscription(@JsonAlias("subscriptionId") String id, Optional<String> name) {}
