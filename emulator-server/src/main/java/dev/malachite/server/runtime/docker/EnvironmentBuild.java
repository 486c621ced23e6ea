package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.runtime.ImageFailure;
import dev.malachite.server.runtime.JobFile;
import dev.malachite.server.runtime.LastLines;
import dev.malachite.server.runtime.LogLimit;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Builds an environment's image: a container of the base image installs the packages and is committed. Not a Docker build,
 * because pip needs this machine's certificates, and a container can be rid of them before it becomes an image.
 */
final class EnvironmentBuild {

    static final String REPOSITORY = "malachite/env";
    static final String PYTHON = "/opt/malachite/env/bin/python";

    private static final String BIN = "/opt/malachite/env/bin";
    private static final String USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final long DEADLINE_MINUTES = 30;
    private static final LogLimit LOG = LogLimit.mib(16);
    /** How this machine reaches the package index; paths of this machine mean nothing inside. */
    private static final List<String> PASSED = List.of(
            "PIP_INDEX_URL",
            "PIP_EXTRA_INDEX_URL",
            "PIP_TRUSTED_HOST",
            "PIP_DEFAULT_TIMEOUT",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "NO_PROXY",
            "http_proxy",
            "https_proxy",
            "no_proxy");

    private final Engine engine;
    private final Labels labels;
    private final HostSize host;

    EnvironmentBuild(Engine engine, Labels labels, HostSize host) {
        this.engine = engine;
        this.labels = labels;
        this.host = host;
    }

    /** The new image's id. */
    String build(ImageDefinition definition, List<String> requirements, String base, Consumer<String> log)
            throws ImageFailure, IOException {
        log.accept("Installing: " + String.join(", ", requirements));
        String container = create(definition, base);
        try {
            InputStream files = new ByteArrayInputStream(files(requirements));
            engine.call(
                    "put the build's files",
                    docker -> docker.copyArchiveToContainerCmd(container)
                            .withRemotePath("/")
                            .withTarInputStream(files)
                            .exec());
            engine.call(
                    "start a build",
                    docker -> docker.startContainerCmd(container).exec());
            String last = follow(container, log);
            Integer code = engine.call(
                    "inspect a build",
                    docker -> docker.inspectContainerCmd(container)
                            .exec()
                            .getState()
                            .getExitCodeLong()
                            .intValue());
            if (code != 0) {
                throw new ImageFailure("The environment could not be built (exit code " + code + "):\n" + last);
            }
            return commit(definition, container);
        } finally {
            engine.remove(
                    "remove a build",
                    docker -> docker.removeContainerCmd(container)
                            .withForce(true)
                            .withRemoveVolumes(true)
                            .exec());
        }
    }

    private String create(ImageDefinition definition, String base) throws IOException {
        String[] environment = engine.call(
                        "inspect an image",
                        docker -> Optional.ofNullable(
                                docker.inspectImageCmd(base).exec().getConfig()))
                .flatMap(config -> Optional.ofNullable(config.getEnv()))
                .orElse(new String[0]);
        String path = Stream.of(environment)
                .filter(variable -> variable.startsWith("PATH="))
                .map(variable -> variable.substring("PATH=".length()))
                .findFirst()
                .orElse(USUAL_PATH);
        HostConfig limits = limits();
        return engine.call(
                "create a build",
                docker -> docker.createContainerCmd(base)
                        .withHostConfig(limits)
                        .withLabels(labels.role(Labels.BUILD))
                        .withUser("0:0")
                        .withWorkingDir("/")
                        // These two become the image's own, so that "python" is the environment's in every command.
                        .withEnv("PATH=" + BIN + ":" + path, "VIRTUAL_ENV=/opt/malachite/env")
                        // The image must not keep this as its entrypoint.
                        .withEntrypoint("")
                        .withCmd("sh", "/m/build", definition.pythonVersion().orElse(""))
                        .exec()
                        .getId());
    }

    /** Whatever packages do while they are installed, nodes and we ourselves go on. */
    private HostConfig limits() throws IOException {
        long memory = host.memory() / 2;
        return Containers.confined(LOG)
                .withMemory(memory)
                .withMemorySwap(memory)
                .withNanoCPUs(Math.max(1, host.cpus() - 1) * 1_000_000_000L);
    }

    private String commit(ImageDefinition definition, String container) throws IOException {
        return engine.call(
                "commit an environment",
                java.time.Duration.ofMinutes(10),
                docker -> docker.commitCmd(container)
                        .withRepository(REPOSITORY)
                        .withTag(definition.key().value())
                        .withCmd("sh")
                        .withLabels(Labels.image(definition.key()))
                        .exec());
    }

    /** Until the build ends; gives the last lines. */
    private String follow(String container, Consumer<String> log) throws ImageFailure, IOException {
        LastLines last = new LastLines();
        try (Lines lines = new Lines(line -> {
            log.accept(line);
            last.add(line);
        })) {
            engine.streams()
                    .logContainerCmd(container)
                    .withStdOut(true)
                    .withStdErr(true)
                    .withFollowStream(true)
                    .exec(lines);
            if (!lines.await(DEADLINE_MINUTES, TimeUnit.MINUTES)) {
                throw new ImageFailure(
                        "The environment was not built within " + DEADLINE_MINUTES + " minutes:\n" + last.text());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        } catch (RuntimeException e) {
            throw new Engine.Gone("The build's log broke off", e);
        }
        return last.text();
    }

    /** How the index is reached from a container; what listens on this machine's loopback cannot be. */
    private static Map<String, String> reachable() {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String name : PASSED) {
            String value = System.getenv(name);
            if (value != null && !value.contains("127.0.0.1") && !value.contains("localhost")) {
                settings.put(name, value);
            }
        }
        return settings;
    }

    /** The same for a build whose image remembers what it was told: without what may hold a password. */
    static Map<String, String> passed() {
        Map<String, String> settings = reachable();
        settings.values().removeIf(value -> value.contains("@"));
        return settings;
    }

    private static byte[] files(List<String> requirements) throws IOException {
        StringBuilder settings = new StringBuilder();
        reachable()
                .forEach((name, value) -> settings.append("export ")
                        .append(name)
                        .append('=')
                        .append(JobFile.quote(value))
                        .append('\n'));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = JobArchive.tar(bytes);
                InputStream script = EnvironmentBuild.class.getResourceAsStream("/runtime/build-environment.sh")) {
            if (script == null) {
                throw new IllegalStateException("build-environment.sh is not in the jar");
            }
            JobArchive.folder(tar, new HashSet<>(), "m");
            JobArchive.text(tar, "m/settings", settings.toString(), 0600);
            JobArchive.text(tar, "m/requirements.txt", String.join("\n", requirements) + "\n", 0644);
            JobArchive.text(tar, "m/ca.pem", certificates(), 0600);
            JobArchive.text(tar, "m/build", new String(script.readAllBytes(), StandardCharsets.UTF_8), 0600);
        }
        return bytes.toByteArray();
    }

    /** What this machine trusts where somebody said so; else the image's own will do. */
    private static String certificates() throws IOException {
        for (String name : List.of("PIP_CERT", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")) {
            String file = System.getenv(name);
            if (file != null && Files.isRegularFile(Path.of(file))) {
                return Files.readString(Path.of(file), StandardCharsets.UTF_8) + "\n";
            }
        }
        return "";
    }

    /** Cuts a log's frames into lines. */
    private static final class Lines extends EngineStream<Frame> {

        private static final int LONGEST_LINE = 64 * 1024;

        private final Consumer<String> consumer;
        private final StringBuilder rest = new StringBuilder();

        Lines(Consumer<String> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onNext(Frame frame) {
            rest.append(new String(frame.getPayload(), StandardCharsets.UTF_8));
            if (rest.length() > LONGEST_LINE && rest.indexOf("\n") < 0) {
                consumer.accept(rest.toString()); // a line without an end is cut, not kept
                rest.setLength(0);
            }
            for (int end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
                consumer.accept(rest.substring(0, end).stripTrailing());
                rest.delete(0, end + 1);
            }
        }

        @Override
        public void onComplete() {
            if (!rest.isEmpty()) {
                consumer.accept(rest.toString());
            }
            super.onComplete();
        }
    }
}
