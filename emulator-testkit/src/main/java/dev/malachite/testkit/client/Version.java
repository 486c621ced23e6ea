package dev.malachite.testkit.client;

/**
 * Which emulator it is.
 *
 * @param name {@code Malachite}
 * @param version for example {@code 0.1.0}
 * @param java the version of the Java that it runs on
 */
public record Version(String name, String version, String java) {}
