package dev.malachite.server.delivery;

import dev.malachite.server.Settings;
import dev.malachite.server.disk.DiskSpace;
import dev.malachite.server.runtime.JobData;
import dev.malachite.server.runtime.JobData.DataFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Fetches files that lie outside of the emulator, for jobs that have them for inputs. */
@Component
class Downloads {

    private static final Duration CONNECT = Duration.ofSeconds(20);
    private static final Duration ANSWER = Duration.ofMinutes(2);
    private static final long MOST_BYTES = 5L << 30;
    private static final int OK = 200;
    private static final int CHUNK = 1 << 16;

    private final Path folder;
    private final DiskSpace disk;

    Downloads(Settings settings, DiskSpace disk) {
        this.folder = settings.data().toAbsolutePath().resolve("downloads");
        this.disk = disk;
    }

    /** The file as it is now; one that was fetched before is replaced. */
    DataFile file(String path, String url, boolean writable) throws IOException {
        disk.requireRoom();
        Files.createDirectories(folder);
        Path kept = folder.resolve(
                UUID.nameUUIDFromBytes(url.getBytes(StandardCharsets.UTF_8)).toString());
        Path fresh = Files.createTempFile(folder, "fetch", ".part");
        try {
            fetch(url, fresh);
            Files.move(fresh, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
        return new DataFile(path, kept, Files.size(kept), writable);
    }

    private static void fetch(String url, Path file) throws IOException {
        try (HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(url)).timeout(ANSWER).build();
            HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                if (answer.statusCode() != OK) {
                    throw missing(url, "it answers " + answer.statusCode());
                }
                copy(url, body, file);
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
        } catch (IOException e) {
            throw missing(url, e.getMessage() == null ? "it does not answer" : e.getMessage());
        }
    }

    private static void copy(String url, InputStream body, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] chunk = new byte[CHUNK];
            long length = 0;
            for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
                length += count;
                if (length > MOST_BYTES) {
                    throw missing(url, "it is longer than %d GiB".formatted(MOST_BYTES >> 30));
                }
                out.write(chunk, 0, count);
            }
        }
    }

    private static JobData.Missing missing(String url, String why) {
        return new JobData.Missing(
                "Execution failed: '%s' could not be read (ScriptExecution.StreamAccess): %s.".formatted(url, why));
    }
}
