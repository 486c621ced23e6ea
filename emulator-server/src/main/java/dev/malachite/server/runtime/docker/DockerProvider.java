package dev.malachite.server.runtime.docker;

import dev.malachite.engine.RuntimeKind;
import dev.malachite.server.Settings;
import dev.malachite.server.runtime.BuildContexts;
import dev.malachite.server.runtime.ImageMap;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.runtime.RegistryLogins;
import dev.malachite.server.runtime.RuntimeObserver;
import dev.malachite.server.runtime.RuntimeProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/** Offers the Docker runtime. */
@Component
@EnableConfigurationProperties(DockerSettings.class)
class DockerProvider implements RuntimeProvider {

    private static final Duration PROBE = Duration.ofSeconds(2);

    private final Settings settings;
    private final DockerSettings docker;
    private final ObjectProvider<BuildContexts> contexts;
    private final ObjectProvider<RegistryLogins> logins;

    DockerProvider(
            Settings settings,
            DockerSettings docker,
            ObjectProvider<BuildContexts> contexts,
            ObjectProvider<RegistryLogins> logins) {
        this.logins = logins;
        this.contexts = contexts;
        this.settings = settings;
        this.docker = docker;
    }

    @Override
    public RuntimeKind kind() {
        return RuntimeKind.DOCKER;
    }

    @Override
    public boolean available() {
        try (Engine engine = Engine.fromEnvironment()) {
            return engine.answers(PROBE);
        }
    }

    @Override
    public NodeRuntime open(RuntimeObserver observer) {
        try {
            Labels labels = InstanceId.labels(settings.data(), settings.inMemory());
            Engine engine = Engine.fromEnvironment();
            NodeRuntime runtime = open(
                    engine,
                    labels,
                    docker,
                    settings.data(),
                    settings.httpsPort(),
                    new OwnContainer(engine),
                    observer,
                    url -> contexts.getObject().files(url),
                    id -> logins.getObject().open(id));
            // Nobody waits for it: with an engine that is slow or away it takes minutes.
            Thread.ofVirtual().name("docker-leftovers").start(() -> {
                if (engine.answers(PROBE)) {
                    new Leftovers(engine, labels).reap();
                }
            });
            return runtime;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static DockerRuntime open(
            Engine engine, Labels labels, DockerSettings settings, Path data, int httpsPort, RuntimeObserver observer)
            throws IOException {
        return open(engine, labels, settings, data, httpsPort, new OwnContainer(engine), observer);
    }

    static DockerRuntime open(
            Engine engine,
            Labels labels,
            DockerSettings settings,
            Path data,
            int httpsPort,
            OwnContainer own,
            RuntimeObserver observer)
            throws IOException {
        return open(engine, labels, settings, data, httpsPort, own, observer, url -> List.of(), id -> Optional.empty());
    }

    private static DockerRuntime open(
            Engine engine,
            Labels labels,
            DockerSettings settings,
            Path data,
            int httpsPort,
            OwnContainer own,
            RuntimeObserver observer,
            BuildContexts contexts,
            RegistryLogins logins)
            throws IOException {
        HostSize host = new HostSize(engine);
        Path temporary = data.resolve(Settings.SCRATCH);
        Networks networks = new Networks(engine, labels, new Subnets(settings.network()), own);
        BuildContainer builds = new BuildContainer(engine, labels, host);
        Images images = new Images(
                engine,
                labels,
                ImageMap.read(ImageMap.in(data)),
                new BaseImage(engine, temporary, BaseImage.NAME),
                new EnvironmentBuild(engine, builds),
                new InstanceImage(builds),
                new DockerfileBuild(engine, () -> host.memory() / 2, contexts, temporary),
                logins);
        String url = "https://" + Gateway.EMULATOR + ":" + httpsPort;
        return new DockerRuntime(engine, labels, settings, host, networks, images, url, observer);
    }
}
