package dev.malachite.server.cloud;

import dev.malachite.server.start.Listeners;
import dev.malachite.server.tls.Names;
import dev.malachite.server.web.Caller;
import org.springframework.stereotype.Component;

/** Our two addresses as the one who calls must write them. */
@Component
class Endpoints {

    private static final int HTTPS_DEFAULT = 443;

    private final Listeners listeners;

    Endpoints(Listeners listeners) {
        this.listeners = listeners;
    }

    /** Host and port of the https listener; whoever asks over plain http gets the other port under the same name. */
    String httpsHost(Caller caller) {
        return caller.scheme().equals("https") ? caller.host() : withPort(caller, listeners.httpsPort());
    }

    String https(Caller caller) {
        return "https://" + httpsHost(caller);
    }

    String http(Caller caller) {
        return "http://" + (caller.scheme().equals("http") ? caller.host() : withPort(caller, listeners.httpPort()));
    }

    /** The name alone by which the caller reaches us; an IPv6 literal keeps its brackets. */
    static String name(Caller caller) {
        return name(caller.host());
    }

    /**
     * The login address. Its host is a number where that is the same machine for sure: azureml-mlflow takes
     * {@code name:port} for a scheme and fails.
     */
    String login(Caller caller) {
        String host = httpsHost(caller);
        int colon = host.lastIndexOf(':');
        boolean port = colon > host.lastIndexOf(']');
        return name(host).equals("localhost")
                ? "https://127.0.0.1" + (port ? host.substring(colon) : "")
                : "https://" + host;
    }

    private static String withPort(Caller caller, int port) {
        return name(caller.host()) + (port == HTTPS_DEFAULT ? "" : ":" + port);
    }

    /** Without the port; an IPv6 literal keeps its brackets. */
    private static String name(String host) {
        int colon = host.lastIndexOf(':');
        boolean port = colon > host.lastIndexOf(']')
                && (host.startsWith("[") || !Names.isAddress(Names.unbracketed(host)) || host.indexOf(':') == colon);
        return port ? host.substring(0, colon) : host;
    }
}
