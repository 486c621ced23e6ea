package dev.malachite.server.web;

import java.util.List;
import java.util.Locale;

/**
 * What follows {@code {account}.blob.} in the storage URLs that clients build. Who calls us by an Azure name has our
 * account's Azure name too; for all others the part in front of {@code @} becomes user information of the URL, which
 * HTTP clients drop, so the request comes here, path-style, without a host name that anybody would have to resolve.
 */
public final class StorageSuffix {

    /** The only account; it stands in the path where it cannot stand in the host. */
    public static final String ACCOUNT = "malachite";

    private static final List<String> AZURE =
            List.of(".azure.com", ".azureml.ms", ".windows.net", ".microsoftonline.com");

    private StorageSuffix() {}

    /** For example {@code core.emu@127.0.0.1:10443/malachite}. */
    public static String of(String host) {
        String name = host.toLowerCase(Locale.ROOT).replaceFirst(":\\d+$", "");
        return AZURE.stream().anyMatch(name::endsWith) ? "core.windows.net" : "core.emu@" + host + "/" + ACCOUNT;
    }
}
