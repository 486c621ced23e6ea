package dev.malachite.server.runtime.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.malachite.engine.TargetId;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.runtime.ImageFailure;
import dev.malachite.server.runtime.ImageMap;
import dev.malachite.server.runtime.JobData;
import dev.malachite.server.runtime.JobStart;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.runtime.NodeRuntimeContract;
import dev.malachite.server.runtime.NodeSpec;
import dev.malachite.server.runtime.PreparedImage;
import dev.malachite.server.runtime.RuntimeObserver;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

class SshRuntimeTest extends NodeRuntimeContract {

    private final Keys keys = new Keys();
    private String host = "127.0.0.1";
    private String password = TestMachine.PASSWORD;
    private Optional<String> privateKey = Optional.empty();
    private int emulator = 1;

    @AutoClose
    private @Nullable TestMachine machine;

    @Override
    protected NodeRuntime open(RuntimeObserver observer) throws Exception {
        if (machine == null) {
            machine = new TestMachine(data.resolve("machine"));
        }
        SshConnections connections =
                new SshConnections(target -> Optional.of(entry()), keys, "curl -X DELETE http://here/%s/%s");
        return new SshRuntime(
                data,
                connections,
                new SshdSocketAddress("127.0.0.1", emulator),
                observer,
                ImageMap.read(ImageMap.in(data)));
    }

    private TestMachine machine() {
        return Objects.requireNonNull(machine);
    }

    @Override
    protected NodeSpec openNode(int generation) throws Exception {
        PreparedImage image = runtime.prepareImage(there(definition("")), line -> {});
        NodeSpec node = new NodeSpec(NODE, TARGET, 0, generation, image.reference(), 1, 512);
        runtime.openNode(node);
        return node;
    }

    @Test
    void aJobReachesTheEmulatorThroughAPortOfItsMachine() throws Exception {
        runtime.close();
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            emulator = listener.getLocalPort();
            runtime = open(observations);
            NodeSpec node = openNode(1);
            String url = runtime.emulatorUrl(node);
            assertThat(url).matches("https://127\\.0\\.0\\.1:\\d+").doesNotEndWith(":" + emulator);
            String port = url.substring(url.lastIndexOf(':') + 1);
            runtime.startJob(
                    node,
                    job(
                            "python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", " + port + "))'",
                            Map.of()));
            listener.accept().close();
            assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
        }
    }

    @Test
    void aJobGoesOnWithoutItsConnectionAndIsFoundAgain() throws Exception {
        NodeSpec node = openNode(1);
        runtime.startJob(node, job("echo one; until [ -e go ]; do sleep 0.05; done; echo two; exit 5", Map.of()));
        awaitLine("one");
        machine().drop();
        Files.createFile(
                Path.of(runtime.dataFolder(node)).resolveSibling("work").resolve("go"));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 5");
        assertThat(log()).containsExactly("one", "two");
    }

    @Test
    void aJobIsFoundAgainWhenItsMachineWasAwayWhileItEnded() throws Exception {
        NodeSpec node = openNode(1);
        runtime.startJob(node, job("echo one; until [ -e go ]; do sleep 0.05; done; echo two", Map.of()));
        awaitLine("one");
        machine().stop();
        Files.createFile(
                Path.of(runtime.dataFolder(node)).resolveSibling("work").resolve("go"));
        machine().again();
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
        assertThat(log()).containsExactly("one", "two");
    }

    @Test
    void nothingIsLeftOnTheMachine() throws Exception {
        runtime.startJob(openNode(1), job("exit 0", Map.of()));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
        Path ours = machine().home().resolve(".azureml/malachite");
        assertThat(ours).isNotEmptyDirectory();
        runtime.closeNode(NODE);
        try (Stream<Path> left = Files.list(ours)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aWrongPasswordIsNamed() throws Exception {
        password = "another";
        assertThatThrownBy(() -> openNode(1))
                .isInstanceOf(ImageFailure.class)
                .hasMessageEndingWith(
                        "The machine %s of the compute target 'cpu' does not accept the password of the user 'azureuser'."
                                .formatted(where()))
                .hasNoCause();
    }

    @Test
    void aKeyThatIsNoneIsNamedAndNotShown() throws Exception {
        privateKey = Optional.of("not a key");
        assertThatThrownBy(() -> openNode(1))
                .hasMessageEndingWith(
                        "The private key of the compute target 'cpu' cannot be read; if it has a passphrase,"
                                + " name that too.")
                .hasMessageNotContaining("not a key");
    }

    @Test
    void aHostThatNobodyKnowsIsNamed() throws Exception {
        host = "no-such-host.invalid";
        assertThatThrownBy(() -> openNode(1))
                .hasMessageEndingWith(
                        "The host of the machine %s of the compute target 'cpu' is not known.".formatted(where()));
    }

    @Test
    void aMachineThatRefusesConnectionsFailsTheJobAndNotTheNode() throws Exception {
        NodeSpec node = openNode(1);
        machine().stop();
        JobStart job = job("exit 0", Map.of());
        assertThatThrownBy(() -> runtime.startJob(node, job))
                .isInstanceOf(JobData.Missing.class)
                .hasMessage("The machine %s of the compute target 'cpu' refuses connections.".formatted(where()));
    }

    @Test
    void aChangedHostKeyIsRefusedUntilItIsForgotten() throws Exception {
        NodeSpec node = openNode(1);
        machine().replace();
        JobStart job = job("exit 0", Map.of());
        assertThatThrownBy(() -> runtime.startJob(node, job))
                .isInstanceOf(JobData.Missing.class)
                .hasMessageContaining("has changed since the compute target 'cpu' first used it")
                .hasMessageEndingWith("curl -X DELETE http://here/" + TARGET.workspace() + "/cpu");
        keys.forget(TARGET);
        runtime.startJob(node, job);
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
    }

    @Test
    void anEnvironmentIsMadeOnTheMachineOnceAndAgainWhenItIsGone() throws Exception {
        ImageDefinition definition = there(definition("", "# none"));
        List<String> first = new ArrayList<>();
        PreparedImage image = runtime.prepareImage(definition, first::add);
        assertThat(image.python()).startsWith(machine().home() + "/.azureml/malachite/environments/");
        assertThat(first).anyMatch(line -> line.startsWith("Python 3."));
        List<String> second = new ArrayList<>();
        assertThat(runtime.prepareImage(definition, second::add)).isEqualTo(image);
        assertThat(second).isEmpty();
        Files.delete(Path.of(image.reference(), "malachite-done"));
        NodeSpec node = new NodeSpec(NODE, TARGET, 0, 1, image.reference(), 1, 512);
        runtime.openNode(node);
        runtime.startJob(node, job("command -v python", Map.of()));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
        assertThat(log()).containsExactly(image.python());
    }

    @Test
    void aPackageThatCannotBeHadFailsWithTheMachinesOwnWords() {
        Path nothing = data.resolve("nothing-here.whl");
        List<String> log = new ArrayList<>();
        assertThatThrownBy(() -> runtime.prepareImage(there(definition("", nothing.toString())), log::add))
                .isInstanceOf(ImageFailure.class)
                .hasMessageContaining("failed to install the packages");
        assertThat(log).anyMatch(line -> line.contains("nothing-here.whl"));
    }

    /** It may be somebody's who wants our memory. */
    @Test
    void aMachineIsNotListenedToForEver() {
        machine().says("head -c 300000 /dev/zero | tr '\\0' x");
        assertThatThrownBy(() -> runtime.prepareImage(there(definition("")), line -> {}))
                .isInstanceOf(ImageFailure.class)
                .hasMessageContaining("says more than can be");
    }

    @Test
    void anInterpreterThatIsNotThereIsNamed() {
        ImageDefinition definition = new ImageDefinition(
                definition("").key(), "", true, "/no/python", List.of(), Optional.empty(), List.of(), List.of());
        assertThatThrownBy(() -> runtime.prepareImage(there(definition), line -> {}))
                .hasMessageEndingWith("cannot do this: it has no interpreter '/no/python'.");
    }

    @Test
    void aMachineWithoutDockerRunsNoContainer() throws Exception {
        Path empty = Files.createDirectories(data.resolve("no-docker"));
        for (String each : List.of("sh", "uname", "tar", "grep", "head", "tail", "wc")) {
            Files.createSymbolicLink(empty.resolve(each), Path.of("/usr/bin").resolve(each));
        }
        machine().programs(empty);
        assertThatThrownBy(() -> runtime.prepareImage(contained(definition("an/image")), line -> {}))
                .isInstanceOf(ImageFailure.class)
                .hasMessageEndingWith("and it has no Docker.");
    }

    @Test
    @EnabledIfSystemProperty(named = "malachite.docker", matches = "true")
    void aJobRunsInAContainerOfItsMachine() throws Exception {
        PreparedImage image =
                runtime.prepareImage(contained(definition("mcr.microsoft.com/azureml/any", "# none")), line -> {});
        assertThat(image.python()).startsWith(machine().home() + "/.azureml/malachite/environments/");
        NodeSpec node = new NodeSpec(NODE, TARGET, 0, 1, image.reference(), 1, 512);
        runtime.openNode(node);
        runtime.startJob(
                node, job("test -e /.dockerenv && command -v python && echo here > outputs/file; exit 7", Map.of()));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 7");
        assertThat(log()).containsExactly(image.python());
        assertThat(collected()).containsKey("outputs/file");
        runtime.closeNode(NODE);
        Files.delete(data.resolve("log.txt"));

        NodeSpec next = new NodeSpec(NODE, TARGET, 0, 2, image.reference(), 1, 512);
        runtime.openNode(next);
        runtime.startJob(next, job("trap 'echo ended; exit 3' TERM; echo one; while :; do sleep 0.05; done", Map.of()));
        awaitLine("one");
        runtime.stopJob(NODE, 2, List.of(), Duration.ofSeconds(30));
        assertThat(observations.next()).isEqualTo("exit tvm-1/2 3");
    }

    private static ImageDefinition there(ImageDefinition definition) {
        return definition.on(new ImageDefinition.Machine(TARGET, false));
    }

    private static ImageDefinition contained(ImageDefinition definition) {
        return definition.on(new ImageDefinition.Machine(TARGET, true));
    }

    private String where() {
        return entry().where();
    }

    private SshMachine entry() {
        Optional<String> entered = privateKey.isPresent() ? Optional.empty() : Optional.of(password);
        return new SshMachine(
                TARGET.name(),
                host,
                machine().port(),
                TestMachine.USER,
                entered,
                privateKey,
                Optional.empty(),
                Optional.empty());
    }

    /** Host keys in memory. */
    private static final class Keys implements HostKeys {

        private final Map<TargetId, String> known = new ConcurrentHashMap<>();

        @Override
        public Optional<String> find(TargetId target) {
            return Optional.ofNullable(known.get(target));
        }

        @Override
        public void remember(TargetId target, String key) {
            known.put(target, key);
        }

        @Override
        public boolean forget(TargetId target) {
            return known.remove(target) != null;
        }
    }
}
