package dev.malachite.server.proxy;

import dev.malachite.server.tls.Names;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a client wants to go.
 *
 * @param host in lower case, without brackets or a full stop at its end
 */
record Destination(String host, int port) {

    private static final Pattern CONNECT =
            Pattern.compile("CONNECT (\\[[0-9A-Fa-f:.]{2,45}]|[A-Za-z0-9_.-]{1,253}):([0-9]{1,5}) HTTP/1\\.[01]");

    private static final int MOST = 65_535;

    /** Reads the first line of a request. */
    static Destination of(String line) throws Refused {
        Matcher matcher = CONNECT.matcher(line);
        if (!matcher.matches()) {
            throw line.startsWith("CONNECT ")
                    ? new Refused(400, "after CONNECT comes a host, a colon and a port")
                    : new Refused(405, "this is a proxy for https alone: it takes CONNECT and nothing else");
        }
        int port = Integer.parseInt(matcher.group(2));
        if (port < 1 || port > MOST) {
            throw new Refused(400, "ports go from 1 to " + MOST);
        }
        String host = Names.unbracketed(matcher.group(1)).toLowerCase(Locale.ROOT);
        return new Destination(host.endsWith(".") ? host.substring(0, host.length() - 1) : host, port);
    }

    /** As a request names it. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
