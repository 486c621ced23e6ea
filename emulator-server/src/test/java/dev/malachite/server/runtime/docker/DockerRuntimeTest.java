package dev.malachite.server.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.Network;
import dev.malachite.engine.ImageKey;
import dev.malachite.engine.NodeId;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.runtime.ImageFailure;
import dev.malachite.server.runtime.JobData;
import dev.malachite.server.runtime.JobStart;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.runtime.NodeRuntime.Found;
import dev.malachite.server.runtime.NodeRuntimeContract;
import dev.malachite.server.runtime.NodeSpec;
import dev.malachite.server.runtime.Observations;
import dev.malachite.server.runtime.PreparedImage;
import dev.malachite.server.runtime.RuntimeAway;
import dev.malachite.server.runtime.RuntimeObserver;
import dev.malachite.server.snapshot.Snapshots.SnapshotFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@EnabledIfSystemProperty(named = "malachite.docker", matches = "true", disabledReason = "no Docker engine was given")
class DockerRuntimeTest extends NodeRuntimeContract {

    private static final DockerSettings SETTINGS = new DockerSettings("10.142.0.0/16", null, 1);

    @Override
    protected NodeRuntime open(RuntimeObserver observer) throws IOException {
        return DockerProvider.open(
                Engine.fromEnvironment(), InstanceId.labels(data, false), SETTINGS, data, 10443, observer);
    }

    @Override
    protected String baseImage() {
        return "malachite/busybox:1";
    }

    @AfterEach
    void leaveNothing() throws IOException {
        String instance = InstanceId.of(data);
        try (Engine engine = Engine.fromEnvironment()) {
            for (Container container : containers(engine, instance)) {
                engine.remove(
                        "clean up",
                        docker -> docker.removeContainerCmd(container.getId())
                                .withForce(true)
                                .exec());
            }
            engine.remove(
                    "clean up",
                    docker -> docker.removeNetworkCmd("malachite-" + instance).exec());
        }
    }

    @Test
    void nodesFindEachOtherByName() throws Exception {
        NodeSpec first = openNode(1);
        NodeSpec second = new NodeSpec(new NodeId("tvm-2"), TARGET, 1, 1, first.image(), 1, 128);
        runtime.openNode(second);
        runtime.startJob(first, job("hostname -i; until nc -w 5 tvm-2 5000 </dev/null; do sleep 0.1; done", Map.of()));
        JobStart listens = job("nc -l -p 5000 </dev/null", Map.of());
        runtime.startJob(
                second,
                new JobStart(
                        listens.job(),
                        1,
                        List.of(),
                        () -> JobData.NONE,
                        listens.program(),
                        "",
                        Map.of(),
                        "",
                        data.resolve("other.txt"),
                        Map.of()));
        assertThat(List.of(observations.next(), observations.next()))
                .containsExactlyInAnyOrder("exit tvm-1/1 0", "exit tvm-2/1 0");
        assertThat(log().getFirst()).matches("10\\.142\\.\\d+\\.10");
        runtime.closeNode(second.id());
    }

    @Test
    void aJobReachesTheEmulatorByItsNameInside() throws Exception {
        NodeSpec node = openNode(1);
        String gateway = runtime.gatewayAddress().orElseThrow();
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName(gateway))) {
            runtime.startJob(
                    node, job("nc -w 5 malachite.internal " + listener.getLocalPort() + " </dev/null", Map.of()));
            listener.setSoTimeout(60_000);
            listener.accept().close();
        }
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
    }

    @Test
    void networksThatSomebodyPrunedAreMadeAgain() throws Exception {
        openNode(1);
        String gateway = runtime.gatewayAddress().orElseThrow();
        runtime.closeNode(NODE);
        try (Engine engine = Engine.fromEnvironment();
                ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName(gateway))) {
            for (Network network :
                    engine.call("list", docker -> docker.listNetworksCmd().exec())) {
                if (network.getLabels() != null
                        && InstanceId.of(data).equals(network.getLabels().get(Labels.INSTANCE))) {
                    engine.call(
                            "prune",
                            docker -> docker.removeNetworkCmd(network.getId()).exec());
                }
            }
            assertThat(NetworkInterface.getByInetAddress(InetAddress.getByName(gateway)))
                    .isNull();
            NodeSpec node = openNode(2);
            runtime.startJob(
                    node, job("nc -w 5 malachite.internal " + listener.getLocalPort() + " </dev/null", Map.of()));
            listener.setSoTimeout(60_000);
            listener.accept().close();
        }
        assertThat(observations.next()).isEqualTo("exit tvm-1/2 0");
        assertThat(runtime.gatewayAddress()).contains(gateway);
    }

    @Test
    void aJobHasNoPrivilegesAndTheLimitsOfItsSize() throws Exception {
        NodeSpec node = openNode(1);
        runtime.startJob(
                node, job("mount -t tmpfs none /mnt; grep -E 'CapEff|NoNewPrivs' /proc/self/status", Map.of()));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
        assertThat(log()).contains("CapEff:\t00000000000000eb", "NoNewPrivs:\t1");
    }

    @Test
    void aJobThatTakesTooMuchMemoryIsSaidToHaveDone() throws Exception {
        NodeSpec node = new NodeSpec(NODE, TARGET, 0, 1, image("malachite/base:1"), 1, 64);
        runtime.openNode(node);
        runtime.startJob(node, job("exec python3 -c \"b = bytearray(1 << 30)\"", Map.of()));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 137 out of memory");
    }

    @Test
    void aWaitingNodeThatDiesIsLost() throws Exception {
        openNode(1);
        try (Engine engine = Engine.fromEnvironment()) {
            String id = containers(engine, InstanceId.of(data)).getFirst().getId();
            engine.call("kill", docker -> docker.killContainerCmd(id).exec());
        }
        assertThat(observations.next()).isEqualTo("lost tvm-1/1 its container has ended");
    }

    @Test
    void aNodeThatWaitedThroughARestartStillTakesAJobAndIsStillWatched() throws Exception {
        NodeSpec node = openNode(1);
        runtime.close();
        runtime = open(observations);
        runtime.openNode(node);
        runtime.startJob(node, job("echo here", Map.of()));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
        assertThat(log()).containsExactly("here");
    }

    @Test
    void manyLinesArriveWhole() throws Exception {
        NodeSpec node = openNode(1);
        runtime.startJob(node, job("seq 1 100000", Map.of()));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
        assertThat(log()).hasSize(100_000).endsWith("100000");
    }

    @Test
    void aLogThatIsTooLongIsCutAndTheJobGoesOn() throws Exception {
        NodeSpec node = openNode(1);
        runtime.startJob(node, job("yes 'a line of thirty-two characters' | head -c 3000000; exit 5", Map.of()));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 5");
        assertThat(Files.size(data.resolve("log.txt"))).isBetween(1L << 20, (1L << 20) + 200);
        assertThat(log().getLast())
                .isEqualTo("[malachite] The log is cut here: the job has printed more than 1 MiB. It goes on.");
        try (Engine engine = Engine.fromEnvironment()) {
            String id = containers(engine, InstanceId.of(data)).getFirst().getId();
            Map<String, String> kept = engine.call(
                    "inspect",
                    docker -> docker.inspectContainerCmd(id)
                            .exec()
                            .getHostConfig()
                            .getLogConfig()
                            .getConfig());
            assertThat(kept).containsEntry("max-size", Long.toString(4L << 20));
        }
    }

    @Test
    void whatTheEngineNoLongerHasIsSaidToBeMissing() throws Exception {
        NodeSpec node = openNode(1);
        Files.writeString(data.resolve("log.txt"), "of another beginning\n");
        runtime.startJob(node, job("echo one; echo two", Map.of()));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
        assertThat(log())
                .startsWith("of another beginning")
                .endsWith("one", "two")
                .anyMatch(line -> line.startsWith("[malachite] Lines are missing here"));
    }

    @Test
    void beyondTheBoundANodesContainerWaitsForItsJobWithoutRunning() throws Exception {
        runtime.close();
        runtime = DockerProvider.open(
                Engine.fromEnvironment(),
                InstanceId.labels(data, false),
                new DockerSettings("10.142.0.0/16", 1, 1),
                data,
                10443,
                observations);
        NodeSpec first = openNode(1);
        NodeSpec second = new NodeSpec(new NodeId("tvm-2"), TARGET, 1, 1, first.image(), 1, 128);
        runtime.openNode(second);
        runtime.openNode(second);
        try (Engine engine = Engine.fromEnvironment()) {
            assertThat(containers(engine, InstanceId.of(data)))
                    .extracting(Container::getState)
                    .containsExactlyInAnyOrder("running", "created");
        }
        assertThat(runtime.list()).containsExactlyInAnyOrder(new Found(NODE, 1, true), new Found(second.id(), 1, true));
        runtime.startJob(second, job("echo here", Map.of()));
        assertThat(observations.next()).isEqualTo("exit tvm-2/1 0");
        assertThat(log()).containsExactly("here");
        runtime.closeNode(second.id());
        NodeSpec entered = new NodeSpec(new NodeId("tvm-3"), TARGET, 2, 1, first.image(), 1, 128);
        runtime.openNode(entered);
        assertThat(said(entered.id(), "echo $HOSTNAME", text(""))).isEqualTo("tvm-3\n");
        runtime.openNode(entered);
        runtime.startJob(entered, job("echo after", Map.of()));
        assertThat(observations.next()).isEqualTo("exit tvm-3/1 0");
        assertThat(log()).contains("after");
        runtime.closeNode(entered.id());
    }

    @Test
    void aBigSnapshotArrivesWhole() throws Exception {
        NodeSpec node = openNode(1);
        Path file = data.resolve("big");
        Files.write(file, new byte[5 << 20]);
        JobStart job = job("wc -c < big", Map.of());
        runtime.startJob(
                node,
                new JobStart(
                        job.job(),
                        1,
                        List.of(new SnapshotFile("big", file, Files.size(file))),
                        () -> JobData.NONE,
                        job.program(),
                        "",
                        Map.of(),
                        "",
                        job.log(),
                        Map.of()));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
        assertThat(log().getFirst().strip()).isEqualTo(Integer.toString(5 << 20));
    }

    @Test
    void aContainerThatGotAPartOfItsFilesIsLost() throws Exception {
        NodeSpec node = openNode(1);
        try (Engine engine = Engine.fromEnvironment()) {
            String id = containers(engine, InstanceId.of(data)).getFirst().getId();
            runtime.close();
            try (TriggerLine line = TriggerLine.open(engine, id)) {
                line.begin(1000);
                awaitFile(engine, id, Containers.TAKING);
            }
            runtime = open(observations);
            assertThatThrownBy(() -> runtime.startJob(node, job("echo never", Map.of())))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(RuntimeAway.class)
                    .hasMessageContaining("ended while it sent");
        }
    }

    @Test
    void anImageThatCannotBeHadIsNamed() {
        assertThatThrownBy(() -> runtime.prepareImage(definition("127.0.0.1:9/no/such:1"), line -> {}))
                .isInstanceOf(ImageFailure.class)
                .hasMessageContaining("127.0.0.1:9/no/such:1")
                .hasMessageContaining("docker load");
    }

    @Test
    void anAzureImageIsMetByTheBaseImage() throws Exception {
        List<String> lines = new ArrayList<>();
        PreparedImage image = runtime.prepareImage(
                definition("mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20240101.v1"), lines::add);
        assertThat(image.reference()).isEqualTo(image("malachite/base:1"));
        assertThat(lines).singleElement().asString().endsWith("malachite/base:1 stands for it.");
    }

    @Test
    void anEnvironmentBecomesAnImageWithNothingOfThisMachineInIt() throws Exception {
        ImageDefinition definition = new ImageDefinition(
                new ImageKey("test" + InstanceId.of(data)),
                "malachite/base:1",
                false,
                "",
                List.of("# nothing to fetch"),
                Optional.of("3.8.13"),
                List.of(),
                List.of());
        List<String> lines = new ArrayList<>();
        PreparedImage image = runtime.prepareImage(definition, lines::add);
        try {
            assertThat(lines).anyMatch(line -> line.startsWith("Python 3.8.13 is asked for; the nearest one"));
            assertThat(runtime.prepareImage(definition, lines::add)).isEqualTo(image);
            try (Engine engine = Engine.fromEnvironment()) {
                ContainerConfig config = engine.call(
                        "inspect",
                        docker -> Objects.requireNonNull(
                                docker.inspectImageCmd(image.reference()).exec().getConfig()));
                assertThat(config.getEntrypoint()).isNull();
                assertThat(config.getEnv()).noneMatch(variable -> variable.contains("PIP_"));
                assertThat(config.getLabels())
                        .containsEntry(Labels.INSTANCE, "")
                        .containsEntry(Labels.ROLE, "");
            }
            NodeSpec node = new NodeSpec(NODE, TARGET, 0, 1, image.reference(), 1, 256);
            runtime.openNode(node);
            runtime.startJob(node, job("command -v python; ls /m; env | grep -c PIP_", Map.of()));
            assertThat(observations.next()).isEqualTo("exit tvm-1/1 1");
            assertThat(log())
                    .containsExactly(image.python(), "bundle.pem", "ca.pem", "job", "python", "started", "taking", "0");
        } finally {
            runtime.closeNode(NODE);
            try (Engine engine = Engine.fromEnvironment()) {
                engine.remove(
                        "clean up",
                        docker -> docker.removeImageCmd("malachite/env:" + definition.key())
                                .withForce(true)
                                .exec());
            }
        }
    }

    @Test
    void aJobIsFollowedOnWhenTheEngineComesBack() throws Exception {
        NodeSpec node = openNode(1);
        Observations heard = new Observations();
        try (CutConnection connection = new CutConnection()) {
            DockerRuntime far = DockerProvider.open(
                    connection.engine(), InstanceId.labels(data, false), SETTINGS, data, 10443, heard);
            far.startJob(node, job("seq 1 1000; sleep 2; seq 1001 2000; exit 4", Map.of()));
            connection.cut();
            connection.mend();
            assertThat(heard.next()).isEqualTo("exit tvm-1/1 4");
            assertThat(log())
                    .isEqualTo(IntStream.rangeClosed(1, 2000)
                            .mapToObj(Integer::toString)
                            .toList());
            assertThat(heard.nothingMore()).isTrue();
            far.close();
        }
    }

    @Test
    void whileTheEngineIsAwayNothingIsDeclaredLost() throws Exception {
        NodeSpec node = openNode(1);
        Observations heard = new Observations();
        try (CutConnection connection = new CutConnection()) {
            DockerRuntime far = DockerProvider.open(
                    connection.engine(), InstanceId.labels(data, false), SETTINGS, data, 10443, heard);
            far.list();
            connection.cut();
            List<ThrowingCallable> calls = List.of(
                    () -> far.openNode(node),
                    () -> far.startJob(node, job("exit 0", Map.of())),
                    () -> far.stopJob(NODE, 1, List.of(data.resolve("log.txt")), Duration.ofSeconds(1)),
                    () -> far.collect(NODE, 1, (path, content) -> {}),
                    () -> far.closeNode(NODE),
                    () -> far.closeTarget(TARGET),
                    far::list);
            assertThat(calls).allSatisfy(call -> assertThatThrownBy(call).isInstanceOf(RuntimeAway.class));
            assertThat(heard.nothingMore()).isTrue();
            far.close();
        }
    }

    @Test
    void anEmulatorInAContainerIsReachedThroughTheTargetsNetwork() throws Exception {
        try (Engine engine = Engine.fromEnvironment()) {
            String instance = InstanceId.of(data);
            String self = engine.call(
                    "run",
                    docker -> docker.createContainerCmd(baseImage())
                            .withLabels(Map.of(Labels.INSTANCE, instance))
                            .withEntrypoint("sh", "-c", "exec nc -l -p 10443 </dev/null")
                            .exec()
                            .getId());
            engine.call("run", docker -> docker.startContainerCmd(self).exec());
            DockerRuntime inside = DockerProvider.open(
                    Engine.fromEnvironment(),
                    InstanceId.labels(data, false),
                    SETTINGS,
                    data,
                    10443,
                    new OwnContainer(engine, self),
                    observations);
            NodeSpec node = new NodeSpec(NODE, TARGET, 0, 1, image(baseImage()), 1, 128);
            inside.openNode(node);
            assertThat(inside.gatewayAddress()).isEmpty();
            inside.startJob(node, job("exec nc -w 5 malachite.internal 10443 </dev/null", Map.of()));
            assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
            inside.closeNode(NODE);
            inside.closeTarget(TARGET);
            inside.close();
        }
    }

    @Test
    void whatAKilledInMemoryEmulatorLeftIsReapedAndNothingElse() throws Exception {
        try (Engine engine = Engine.fromEnvironment()) {
            String host = Leftovers.self().split(" ", -1)[0];
            String dead = labelled(engine, "dead0000", host + " 1999999999 5");
            String alive = labelled(engine, "live0000", Leftovers.self());
            try {
                new Leftovers(engine, InstanceId.labels(data, true)).reap();
                assertThat(containers(engine, "dead0000")).isEmpty();
                assertThat(containers(engine, "live0000"))
                        .extracting(Container::getId)
                        .containsExactly(alive);
            } finally {
                for (String id : List.of(dead, alive)) {
                    engine.remove(
                            "clean up", docker -> docker.removeContainerCmd(id).exec());
                }
            }
        }
    }

    @Test
    void aBuildOfADeadProcessIsReapedAndOneOfThisIsNot() throws Exception {
        Labels labels = InstanceId.labels(data, false);
        try (Engine engine = Engine.fromEnvironment()) {
            String host = Leftovers.self().split(" ", -1)[0];
            build(engine, labels, host + " 1999999999 5");
            String ours = build(engine, labels, Leftovers.self());
            new Leftovers(engine, labels).reap();
            assertThat(containers(engine, labels.instance()))
                    .extracting(Container::getId)
                    .containsExactly(ours);
        }
    }

    private String build(Engine engine, Labels labels, String owner) throws IOException {
        Map<String, String> all = new HashMap<>(labels.role(Labels.BUILD));
        assertThat(all.put(Labels.OWNER, owner)).isEqualTo(Leftovers.self());
        return engine.call(
                "create",
                docker -> docker.createContainerCmd(baseImage())
                        .withLabels(all)
                        .exec()
                        .getId());
    }

    private String labelled(Engine engine, String instance, String owner) throws IOException {
        return engine.call(
                "create",
                docker -> docker.createContainerCmd(baseImage())
                        .withLabels(Map.of(Labels.INSTANCE, instance, Labels.OWNER, owner))
                        .exec()
                        .getId());
    }

    private static void awaitFile(Engine engine, String container, String path) throws IOException {
        boolean there = false;
        while (!there) {
            try {
                engine.call(
                                "look",
                                docker -> docker.copyArchiveFromContainerCmd(container, path)
                                        .exec())
                        .close();
                there = true;
            } catch (Engine.Missing e) {
                Thread.onSpinWait();
            }
        }
    }

    private String image(String name) throws ImageFailure {
        return runtime.prepareImage(definition(name), line -> {}).reference();
    }

    private static List<Container> containers(Engine engine, String instance) throws IOException {
        return engine.call(
                "list",
                docker -> docker.listContainersCmd()
                        .withShowAll(true)
                        .withLabelFilter(Map.of(Labels.INSTANCE, instance))
                        .exec());
    }
}
