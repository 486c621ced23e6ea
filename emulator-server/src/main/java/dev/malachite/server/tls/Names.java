package dev.malachite.server.tls;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The names and addresses that our certificate vouches for. */
public final class Names {

    private static final List<String> ALWAYS = List.of(
            "localhost",
            "127.0.0.1",
            "::1",
            // inside compose networks and job containers
            "malachite",
            "malachite.internal",
            "host.docker.internal",
            // the account's name in front of our own storage suffix
            "*.blob.core.emu");

    /** Azure's own names, taken over by network aliases or by the proxy. */
    private static final List<String> AZURE = List.of(
            "management.azure.com",
            "login.microsoftonline.com",
            "graph.windows.net",
            "ml.azure.com",
            "*.blob.core.windows.net",
            "*.file.core.windows.net",
            "*.dfs.core.windows.net",
            "*.api.azureml.ms",
            // those that the SDKs of 2018 write themselves
            "*.experiments.azureml.net",
            "*.modelmanagement.azureml.net");

    private static final Set<String> WILDCARD_ADDRESSES = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0", "[::]");

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private Names() {}

    /** The certificate's names when we listen on {@code host} and are also called by {@code more}. */
    static Set<String> certified(String host, Collection<String> more) {
        Set<String> names = new LinkedHashSet<>(ALWAYS);
        names.addAll(AZURE);
        if (!WILDCARD_ADDRESSES.contains(host)) {
            names.add(unbracketed(host).toLowerCase(Locale.ROOT));
        }
        more.forEach(name -> names.add(unbracketed(name).toLowerCase(Locale.ROOT)));
        return names;
    }

    /** True for a name of Azure's, in lower case, that we answer to in its place. */
    public static boolean isAzure(String host) {
        // As a certificate is read: a star stands for one label.
        return AZURE.contains(host) || AZURE.contains("*" + host.substring(Math.max(0, host.indexOf('.'))));
    }

    /** True for an IPv4 or IPv6 literal, the latter with or without brackets. */
    public static boolean isAddress(String name) {
        return name.indexOf(':') >= 0 || IPV4.matcher(name).matches();
    }

    /** True when listening on this address means listening on every one. */
    public static boolean isWildcardAddress(String host) {
        return WILDCARD_ADDRESSES.contains(host);
    }

    /** An IPv6 literal without the brackets that it wears in URLs. */
    public static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
