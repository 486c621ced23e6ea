package dev.malachite.server.start;

import dev.malachite.server.tls.Names;

/** How the address that we listen on is written in a URL that works on this machine. */
final class Addresses {

    private Addresses() {}

    static String reachable(String host) {
        if (Names.isWildcardAddress(host)) {
            return "127.0.0.1";
        }
        String plain = Names.unbracketed(host);
        return plain.indexOf(':') >= 0 ? "[" + plain + "]" : plain;
    }
}
