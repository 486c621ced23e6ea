package dev.malachite.server.delivery;

import dev.malachite.server.runtime.JobData;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * One GET of a file that lies elsewhere, which ends in any case: the client's own timeout does not cover a body.
 *
 * @param quiet how long nothing may come
 * @param whole how long all of it may take
 * @param ownPorts where the emulator itself listens; it is no source of files
 */
record Fetch(Duration quiet, Duration whole, Set<Integer> ownPorts) {

    private static final Duration CONNECT = Duration.ofSeconds(20);
    private static final Duration ANSWER = Duration.ofMinutes(2);
    private static final long MOST_BYTES = 5L << 30;
    private static final int OK = 200;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int MOST_REDIRECTS = 5;
    private static final int CHUNK = 1 << 16;

    void to(String url, Path file) throws IOException {
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build()) {
            try {
                follow(client, url, file);
            } finally {
                client.shutdownNow();
            }
        } catch (IllegalArgumentException e) {
            throw missing(url, "it is no URL");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        } catch (JobData.Missing e) {
            throw e;
        } catch (UnknownHostException e) {
            throw missing(url, "its host is not known");
        } catch (IOException e) {
            throw missing(url, e.getMessage() == null ? "it does not answer" : e.getMessage());
        }
    }

    /** Redirects are followed here, so that none leads to where the first address could not have led. */
    private void follow(HttpClient client, String url, Path file) throws IOException, InterruptedException {
        URI from = URI.create(url);
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            requireElsewhere(url, from);
            HttpRequest request = HttpRequest.newBuilder(from).timeout(ANSWER).build();
            HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                if (answer.statusCode() == OK) {
                    copy(url, body, file);
                    return;
                }
                String next = answer.headers().firstValue("Location").orElse("");
                if (!REDIRECTS.contains(answer.statusCode()) || next.isEmpty()) {
                    throw missing(url, "it answers " + answer.statusCode());
                }
                URI to = from.resolve(next);
                if ("https".equalsIgnoreCase(from.getScheme()) && !"https".equalsIgnoreCase(to.getScheme())) {
                    throw missing(url, "it leads from https to " + to.getScheme());
                }
                from = to;
            }
        }
        throw missing(url, "it leads on and on");
    }

    /** A job must not read by us what only we may read: our own API, or what the host's own network tells it alone. */
    private void requireElsewhere(String url, URI from) throws IOException {
        if (from.getHost() == null) {
            throw missing(url, "it is no URL");
        }
        int port = from.getPort() >= 0 ? from.getPort() : "https".equalsIgnoreCase(from.getScheme()) ? 443 : 80;
        for (InetAddress address : InetAddress.getAllByName(from.getHost())) {
            if (address.isLinkLocalAddress()) {
                throw missing(url, "link-local addresses are not read from");
            }
            if (ownPorts.contains(port) && ofThisMachine(address)) {
                throw missing(url, "it is the emulator itself, and no path of a blob there");
            }
        }
    }

    private static boolean ofThisMachine(InetAddress address) throws IOException {
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || NetworkInterface.getByInetAddress(address) != null;
    }

    private void copy(String url, InputStream body, Path file) throws IOException {
        try (Stall stall = new Stall(body, quiet, whole)) {
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
        return new JobData.Missing(
                "Execution failed: '%s' could not be read (ScriptExecution.StreamAccess): %s.".formatted(url, why));
    }
}
