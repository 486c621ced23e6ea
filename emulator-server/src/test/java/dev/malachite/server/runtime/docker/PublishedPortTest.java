package dev.malachite.server.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import dev.malachite.engine.TargetId;
import dev.malachite.engine.WorkspaceId;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** An emulator in a container is spoken to through the port that the engine publishes for it. */
@EnabledIfSystemProperty(named = "malachite.docker", matches = "true", disabledReason = "no Docker engine was given")
class PublishedPortTest {

    private static final TargetId TARGET = new TargetId(new WorkspaceId("0a0a0a0a-0000-4000-8000-000000000001"), "cpu");

    @Test
    void whatIsOpenStaysOpenWhileTargetsComeAndGo(@TempDir Path data) throws Exception {
        Labels labels = InstanceId.labels(data, false);
        try (Engine engine = Engine.fromEnvironment()) {
            // Compose names a project's network like this.
            String network = engine.call(
                    "create",
                    docker -> docker.createNetworkCmd()
                            .withName("malachite-" + labels.instance() + "_default")
                            .exec()
                            .getId());
            String self = engine.call(
                    "create",
                    docker -> docker.createContainerCmd("malachite/busybox:1")
                            .withExposedPorts(ExposedPort.tcp(80))
                            .withEntrypoint("nc", "-ll", "-p", "80", "-e", "cat")
                            .withHostConfig(HostConfig.newHostConfig()
                                    .withNetworkMode(network)
                                    .withPortBindings(PortBinding.parse("127.0.0.1::80/tcp")))
                            .exec()
                            .getId());
            Networks networks =
                    new Networks(engine, labels, new Subnets("10.142.0.0/16"), new OwnContainer(engine, self));
            try {
                engine.call("start", docker -> docker.startContainerCmd(self).exec());
                try (Socket open = new Socket(InetAddress.getLoopbackAddress(), port(engine, self))) {
                    networks.ensure(TARGET);
                    assertThat(echoed(open, 'a')).isEqualTo('a');
                    networks.remove(TARGET);
                    assertThat(echoed(open, 'b')).isEqualTo('b');
                }
            } finally {
                networks.remove(TARGET);
                engine.remove(
                        "clean up",
                        docker ->
                                docker.removeContainerCmd(self).withForce(true).exec());
                engine.remove(
                        "clean up", docker -> docker.removeNetworkCmd(network).exec());
            }
        }
    }

    private static int echoed(Socket open, int letter) throws Exception {
        open.getOutputStream().write(letter);
        return open.getInputStream().read();
    }

    private static int port(Engine engine, String container) throws Exception {
        Map<ExposedPort, Ports.Binding[]> published = engine.call(
                "inspect",
                docker -> docker.inspectContainerCmd(container)
                        .exec()
                        .getNetworkSettings()
                        .getPorts()
                        .getBindings());
        return Integer.parseInt(published.values().iterator().next()[0].getHostPortSpec());
    }
}
