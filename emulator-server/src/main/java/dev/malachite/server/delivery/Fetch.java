package dev.malachite.server.delivery;

import dev.malachite.server.runtime.JobData;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.util.Timeout;

/**
 * One GET of a file that lies elsewhere, which ends in any case: the client's own timeout does not cover a body.
 *
 * @param quiet how long nothing may come
 * @param whole how long all of it may take
 * @param ownPorts where the emulator itself listens; it is no source of files
 * @param names who says where a host is
 */
record Fetch(Duration quiet, Duration whole, Set<Integer> ownPorts, Names names) {

    private static final Duration CONNECT = Duration.ofSeconds(20);
    private static final Duration ANSWER = Duration.ofMinutes(2);
    private static final long MOST_BYTES = 5L << 30;
    private static final int OK = 200;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int MOST_REDIRECTS = 5;
    private static final int CHUNK = 1 << 16;
    private static final Pattern SECRETS = Pattern.compile("(?<=://)[^/?#]*@|[?#].*", Pattern.DOTALL);

    void to(String url, Path file) throws IOException {
        ConnectionConfig patience = ConnectionConfig.custom()
                .setConnectTimeout(Timeout.of(CONNECT))
                .setSocketTimeout(Timeout.of(ANSWER))
                .build();
        try (CloseableHttpClient client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDefaultConnectionConfig(patience)
                        .setDnsResolver(new Checked())
                        .build())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableContentCompression()
                .build()) {
            follow(client, url, file);
        } catch (IllegalArgumentException e) {
            throw missing(url, "it is no URL");
        } catch (JobData.Missing e) {
            throw e;
        } catch (Refused e) {
            throw missing(url, Objects.requireNonNull(e.getMessage()));
        } catch (UnknownHostException e) {
            throw missing(url, "its host is not known");
        } catch (IOException e) {
            throw missing(url, e.getMessage() == null ? "it does not answer" : e.getMessage());
        }
    }

    /** Redirects are followed here, so that none leads to where the first address could not have led. */
    private void follow(CloseableHttpClient client, String url, Path file) throws IOException {
        URI from = URI.create(url);
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            if (from.getHost() == null) {
                throw missing(url, "it is no URL");
            }
            HttpGet request = new HttpGet(from);
            try {
                ClassicHttpResponse answer = client.executeOpen(null, request, null);
                if (answer.getCode() == OK) {
                    copy(url, answer.getEntity().getContent(), request, file);
                    return;
                }
                Header next = answer.getFirstHeader("Location");
                if (!REDIRECTS.contains(answer.getCode()) || next == null) {
                    throw missing(url, "it answers " + answer.getCode());
                }
                URI to = from.resolve(next.getValue());
                if ("https".equalsIgnoreCase(from.getScheme()) && !"https".equalsIgnoreCase(to.getScheme())) {
                    throw missing(url, "it leads from https to " + to.getScheme());
                }
                from = to;
            } finally {
                // What is closed would be read to its end first.
                request.cancel();
            }
        }
        throw missing(url, "it leads on and on");
    }

    /** Says where a host is; the machine's resolver, but for tests. */
    interface Names {
        InetAddress[] of(String host) throws UnknownHostException;
    }

    private static final class Refused extends UnknownHostException {

        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why);
        }
    }

    /**
     * A job must not read by us what only we may read: our own API, or what the host's own network tells it alone. The
     * addresses that are looked at are those that are gone to, so that no name can mean another one meanwhile.
     */
    private final class Checked implements DnsResolver {

        @Override
        public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
            List<InetSocketAddress> found = new ArrayList<>();
            for (InetAddress address : names.of(host)) {
                if (address.isLinkLocalAddress()) {
                    throw new Refused("link-local addresses are not read from");
                }
                if (ownPorts.contains(port) && ofThisMachine(address)) {
                    throw new Refused("it is the emulator itself, and no path of a blob there");
                }
                found.add(new InetSocketAddress(address, port));
            }
            return found;
        }

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            throw new Refused("without a port nothing can be said of it");
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }

    private static boolean ofThisMachine(InetAddress address) {
        try {
            return address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return true; // nobody knows
        }
    }

    private void copy(String url, InputStream body, HttpGet request, Path file) throws IOException {
        try (Stall stall = new Stall(request::cancel, quiet, whole)) {
            try (OutputStream out = Files.newOutputStream(file)) {
                byte[] chunk = new byte[CHUNK];
                long length = 0;
                for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
                    stall.came();
                    length += count;
                    if (length > MOST_BYTES) {
                        throw missing(url, "it is longer than %d GiB".formatted(MOST_BYTES >> 30));
                    }
                    out.write(chunk, 0, count);
                }
            } catch (JobData.Missing e) {
                throw e;
            } catch (IOException e) {
                if (!stall.seen()) {
                    throw e;
                }
            }
            // A stream that is closed while it is read from may look as if it had come to its end.
            if (stall.seen()) {
                throw missing(
                        url,
                        "nothing came for %d s, or not all within %d minutes"
                                .formatted(quiet.toSeconds(), whole.toMinutes()));
            }
        }
    }

    private static JobData.Missing missing(String url, String why) {
        return new JobData.Missing("Execution failed: '%s' could not be read (ScriptExecution.StreamAccess): %s."
                .formatted(shown(url), why));
    }

    /** An address without what may be a secret in it: signatures stand in the query, passwords before the host. */
    static String shown(String url) {
        return SECRETS.matcher(url).replaceAll("");
    }
}
