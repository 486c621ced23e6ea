package dev.malachite.server.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.InspectContainerResponse;
import dev.malachite.engine.MachineAccess;
import dev.malachite.server.runtime.InstanceRuntimeContract;
import dev.malachite.server.runtime.LocalCommand;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.runtime.Observations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@EnabledIfSystemProperty(named = "malachite.docker", matches = "true", disabledReason = "no Docker engine was given")
class DockerInstancesTest extends InstanceRuntimeContract {

    private static final DockerSettings SETTINGS = new DockerSettings("10.142.0.0/16", null, 1);

    private Path key;

    @Override
    protected NodeRuntime open() throws IOException {
        return DockerProvider.open(
                Engine.fromEnvironment(), InstanceId.labels(data, false), SETTINGS, data, 10443, new Observations());
    }

    @BeforeEach
    void makeKey() throws IOException {
        key = data.resolve("id");
        shell("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString());
    }

    @Override
    protected Optional<String> publicKey() {
        try {
            return Optional.of(Files.readString(data.resolve("id.pub")));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void sshLetsTheKeyInAtOnePortAndTheMachineHasNoPrivileges() throws Exception {
        MachineAccess access = start(1);
        int port = access.sshPort().orElseThrow();
        assertThat(ssh(port, key, "id -un; hostname; echo $GREETING; python -c 'print(6 * 7)'; sudo -n id -u"))
                .containsExactly("azureuser", "ci-one", "hello", "42", "0");
        assertThat(ssh(port, key, "python -m venv mine && mine/bin/python -c 'print(1)'"))
                .containsExactly("1");
        Path other = data.resolve("other");
        shell("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", other.toString());
        assertThat(ssh(port, other, "id")).containsExactly("azureuser@127.0.0.1: Permission denied (publickey).");
        assertThat(machines.lastActivity(INSTANCE)).isEmpty();
        Process session = new ProcessBuilder(command(port, key, "echo in; sleep 60")).start();
        assertThat(session.inputReader().readLine()).isEqualTo("in");
        assertThat(machines.lastActivity(INSTANCE)).as("somebody is logged in").isPresent();
        session.destroyForcibly();

        try (Engine engine = Engine.fromEnvironment()) {
            InspectContainerResponse machine = inspect(engine);
            assertThat(machine.getHostConfig().getPrivileged()).isFalse();
            assertThat(machine.getHostConfig().getBinds()).isNullOrEmpty();
            assertThat(machine.getHostConfig().getMemory()).isEqualTo(1L << 30);
            machines.stop(INSTANCE, Duration.ofSeconds(20));
            assertThat(start(2).sshPort()).contains(port);
            assertThat(ssh(port, key, "ls"))
                    .as("and its host keys are the same")
                    .contains("mine");
            assertThat(inspect(engine).getHostConfig().getMemory()).isEqualTo(2L << 30);
            assertThat(inspect(engine).getId()).isEqualTo(machine.getId());
        }
        assertThat(nodes.list()).as("it is no node").isEmpty();
    }

    private InspectContainerResponse inspect(Engine engine) throws IOException {
        String name = "malachite-" + InstanceId.of(data) + "-" + INSTANCE.workspace() + "-" + INSTANCE.name();
        return engine.call("inspect", docker -> docker.inspectContainerCmd(name).exec());
    }

    private List<String> ssh(int port, Path identity, String command) throws IOException {
        return shell(command(port, identity, command).toArray(String[]::new));
    }

    private List<String> command(int port, Path identity, String command) {
        List<String> words = new ArrayList<>(List.of("ssh", "-i", identity.toString(), "-p", Integer.toString(port)));
        for (String option : new String[] {
            "IdentitiesOnly=yes",
            "BatchMode=yes",
            "LogLevel=ERROR",
            "StrictHostKeyChecking=accept-new",
            "UserKnownHostsFile=" + data.resolve("hosts"),
            "PreferredAuthentications=publickey,password"
        }) {
            words.addAll(List.of("-o", option));
        }
        words.addAll(List.of("azureuser@127.0.0.1", command));
        return words;
    }

    private static List<String> shell(String... command) throws IOException {
        String output = LocalCommand.run(Arrays.asList(command), Duration.ofMinutes(2), line -> {})
                .lastLines();
        return output.isEmpty() ? List.of() : output.lines().toList();
    }
}
