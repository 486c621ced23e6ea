package dev.malachite.testkit.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import dev.malachite.testkit.client.MalachiteClient;
import dev.malachite.testkit.emulator.Emulator;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;

/** The emulator as a container: its image is there after scripts/emulator-image, which 'test --all' runs. */
@EnabledIfSystemProperty(named = "malachite.docker", matches = "true")
@EnabledIfSystemProperty(named = "malachite.suite", matches = "all|long")
class MalachiteContainerTest {

    private static final Network NETWORK = Network.newNetwork();

    @SuppressWarnings("resource") // closed by afterAll
    private static final MalachiteContainer MALACHITE = new MalachiteContainer().withNetwork(NETWORK);

    @BeforeAll
    static void start() {
        MALACHITE.start();
    }

    @AfterAll
    static void stop() {
        MALACHITE.stop();
        NETWORK.close();
    }

    @Test
    void aProgramOnThisMachineReachesAndTrustsIt() throws Exception {
        Emulator emulator = MALACHITE.emulator();
        URI subscriptions = URI.create(emulator.endpoint() + "/subscriptions?api-version=2022-12-01");
        HttpRequest request = HttpRequest.newBuilder(subscriptions)
                .header("Authorization", "Bearer " + emulator.token())
                .build();

        assertThat(emulator.http().send(request, BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
        assertThat(emulator.environment().get("ARM_CLOUD_METADATA_URL"))
                .startsWith(MALACHITE.hostEndpoint().toString());
        assertThat(Files.readString(Path.of(emulator.environment().get("REQUESTS_CA_BUNDLE"))))
                .contains(emulator.certificate().strip());
    }

    @Test
    void whereTheEngineIsHereNobodyElseOfTheNetworkReachesIt() {
        DockerClient engine = DockerClientFactory.instance().client();
        try (CreateContainerCmd create = engine.createContainerCmd("malachite/base:1")) {
            ExposedPort port = ExposedPort.tcp(80);
            create.withExposedPorts(port)
                    .withHostConfig(new HostConfig().withPortBindings(new PortBinding(Ports.Binding.empty(), port)));

            MalachiteContainer.publishOnLoopback(create);

            String id = create.exec().getId();
            try {
                engine.startContainerCmd(id).exec();
                Ports published =
                        engine.inspectContainerCmd(id).exec().getHostConfig().getPortBindings();
                assertThat(published.getBindings().get(port))
                        .singleElement()
                        .extracting(Ports.Binding::getHostIp)
                        .isEqualTo("127.0.0.1");
            } finally {
                engine.removeContainerCmd(id).withForce(true).exec();
            }
        }
    }

    @Test
    void jobsAreProcessesInItUnlessToldOtherwise() {
        try (MalachiteClient client = MALACHITE.client()) {
            assertThat(client.overview().runtime()).isEqualTo("process");
            assertThat(client.health().status()).isEqualTo("UP");
        }
    }

    @Test
    void aProgramInAnotherContainerReachesAndTrustsIt() {
        String script = """
                import os, ssl, urllib.request
                trusted = ssl.create_default_context(cafile=os.environ["REQUESTS_CA_BUNDLE"])
                print(urllib.request.urlopen(os.environ["ARM_CLOUD_METADATA_URL"], context=trusted).read().decode())
                """;
        try (GenericContainer<?> other = MALACHITE.pointsAt(new GenericContainer<>("malachite/base:1"))) {
            other.withCommand("python3", "-c", script)
                    .withStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(Duration.ofMinutes(1)));
            other.start();

            assertThat(other.getLogs()).contains("\"resourceManager\":\"https://malachite\"");
        }
    }
}
