package dev.malachite.server.proxy;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/** Addresses that no tunnel is opened to: this machine's own, and those at which clouds hand out their machines' secrets. */
final class Forbidden {

    /** Beside 169.254.169.254, which is link-local: those of Azure, Alibaba, Oracle and, by IPv6, AWS. */
    private static final Set<String> METADATA =
            Set.of("168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2:0:0:0:0:0:254");

    /** Names of the same, for a proxy that looks them up itself. */
    private static final Set<String> METADATA_NAMES =
            Set.of("metadata", "metadata.google.internal", "metadata.azure.internal", "instance-data");

    private Forbidden() {}

    static boolean is(InetAddress address) {
        return address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isMulticastAddress()
                || METADATA.contains(address.getHostAddress().replaceFirst("%.*$", ""));
    }

    /** Whether that is clear from how it is written, in whatever form an address can be. */
    static boolean isWritten(String host) {
        return METADATA_NAMES.contains(host)
                || host.equals("localhost")
                || host.endsWith(".localhost")
                || literal(host).map(Forbidden::is).orElse(false);
    }

    private static Optional<InetAddress> literal(String host) {
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException e) {
            try {
                return Optional.of(Inet4Address.ofPosixLiteral(host));
            } catch (IllegalArgumentException none) {
                return Optional.empty();
            }
        }
    }
}
