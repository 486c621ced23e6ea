package dev.malachite.testkit.emulator;

/**
 * Who a program says that it is. The emulator takes any values; these are the ones that it also hands out as variables.
 *
 * @param tenant a GUID
 * @param clientId a GUID
 * @param clientSecret any text
 */
public record Credentials(String tenant, String clientId, String clientSecret) {}
