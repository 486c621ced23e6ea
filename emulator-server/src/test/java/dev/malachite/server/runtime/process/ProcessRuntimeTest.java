package dev.malachite.server.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.malachite.engine.ImageKey;
import dev.malachite.engine.NodeId;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.runtime.ImageFailure;
import dev.malachite.server.runtime.LogLimit;
import dev.malachite.server.runtime.Meeting;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.runtime.NodeRuntimeContract;
import dev.malachite.server.runtime.NodeSpec;
import dev.malachite.server.runtime.PreparedImage;
import dev.malachite.server.runtime.RuntimeObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProcessRuntimeTest extends NodeRuntimeContract {

    @Override
    protected NodeRuntime open(RuntimeObserver observer) {
        return new ProcessRuntime(data, "https://127.0.0.1:1", observer);
    }

    @Test
    void jobsDoNotInheritOurEnvironment() throws Exception {
        runtime.startJob(openNode(1), job("env | cut -d= -f1 | sort", Map.of()));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
        assertThat(log())
                .contains("HOME", "PATH", "TMPDIR")
                .doesNotContain("USER", "JAVA_HOME", "PIP_CERT", "MAVEN_CMD_LINE_ARGS");
    }

    @Test
    void theSitecustomizeOfAJobRunsAsIfOursWereNotThere() throws Exception {
        String program = "mkdir theirs; echo 'print(\"theirs ran\")' > theirs/sitecustomize.py;"
                + " PYTHONPATH=$PYTHONPATH:$PWD/theirs"
                + " python3 -c 'import sys, sitecustomize;"
                + " print(sitecustomize.__file__.split(\"/\")[-2], [p for p in sys.path if p.endswith(\"python\")])'";
        runtime.startJob(openNode(1), job(program, Map.of()));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
        assertThat(log()).containsExactly("theirs ran", "theirs []");
    }

    @Test
    void whatAJobStartedInTheBackgroundEndsWithIt() throws Exception {
        runtime.startJob(openNode(1), job("sleep 600 & echo $!", Map.of()));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
        long pid = Long.parseLong(log().getFirst());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        // A dead process that nobody has reaped yet has no command any more.
        while (ProcessHandle.of(pid).flatMap(handle -> handle.info().command()).isPresent()) {
            assertThat(System.nanoTime()).as("process %s still runs", pid).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void aJobThatIsAheadOfTheNoteOfItsGroupIsToldToStopAllTheSame() throws Exception {
        runtime.startJob(openNode(1), job("echo run; while :; do sleep 0.05; done", Map.of()));
        awaitLine("run");
        NodeFolder folder = new NodeFolder(
                NODE, 1, data.resolve("nodes").resolve(NODE.value()).resolve("1"));
        Path note = folder.state().resolve("group");
        while (!Files.exists(note)) {
            Thread.onSpinWait();
        }
        Path kept = Files.move(note, folder.state().resolve("kept"));
        Thread stopping = Thread.ofPlatform().start(() -> {
            try {
                runtime.stopJob(NODE, 1, List.of(data.resolve("log.txt")), Duration.ofMinutes(5));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        while (stopping.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        Files.move(kept, note);
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 143");
        stopping.join();
    }

    @Test
    void jobsMeetOnPortsThatNoOtherJobHasAndKeepThemOverARestart() throws Exception {
        openNode(1);
        NodeId other = new NodeId("tvm-2");
        runtime.openNode(new NodeSpec(other, TARGET, 1, 1, "", 1, 64));
        List<Integer> wished = List.of(6105, 6000);
        Meeting first = runtime.meet(List.of(NODE, other), 1, wished);
        Meeting second = runtime.meet(List.of(other, NODE), 1, wished);
        assertThat(first.hosts()).containsExactly("127.0.0.1", "127.0.0.1");
        assertThat(first.ports()).hasSize(2).doesNotContainAnyElementsOf(second.ports());
        assertThat(second.ports()).hasSize(2).doesNotHaveDuplicates();
        runtime.close();

        runtime = open(observations);
        assertThat(runtime.meet(List.of(NODE, other), 1, wished)).isEqualTo(first);
        runtime.closeNode(other);
    }

    @Test
    void aLogThatIsTooLongIsCutAndSaysSo() throws Exception {
        runtime.close();
        runtime = new ProcessRuntime(data, "https://127.0.0.1:1", observations, LogLimit.mib(1));
        runtime.startJob(openNode(1), job("yes | head -c 3000000; sleep 2; echo end", Map.of()));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
        assertThat(log().get(log().size() - 1))
                .as("what comes after the cut is cut, too")
                .isEqualTo("[malachite] The log is cut here: the job has printed more than 1 MiB. It goes on.");
    }

    @Test
    void aBaseImageIsIgnoredAndTheLogSaysSo() throws Exception {
        List<String> lines = new ArrayList<>();
        runtime.prepareImage(definition("some/image"), lines::add);
        assertThat(lines).containsExactly("Processes run on this machine as it is: the image 'some/image' is ignored.");
    }

    @Test
    void aPackageThatCannotBeHadFailsWithTheLastLinesOfPip() throws Exception {
        Path nothing = data.resolve("nothing-here.whl");
        assertThatThrownBy(() -> runtime.prepareImage(definition("", nothing.toString()), line -> {}))
                .isInstanceOf(ImageFailure.class)
                .hasMessageContaining("install the packages")
                .hasMessageContaining("nothing-here.whl");
    }

    @Test
    void anEnvironmentIsBuiltOnce() throws Exception {
        Path source = Files.createDirectories(data.resolve("source"));
        Files.writeString(source.resolve("ours.py"), "answer = 42\n");
        // A folder on the path is enough of a package: nothing is fetched.
        ImageDefinition definition = new ImageDefinition(
                new ImageKey("abc"), "", false, "", List.of("# none"), Optional.of("3.1.99"), List.of(), List.of());
        List<String> first = new ArrayList<>();
        PreparedImage image = runtime.prepareImage(definition, first::add);
        assertThat(Path.of(image.python())).isExecutable();
        assertThat(first).anyMatch(line -> line.startsWith("Python 3.1.99 is asked for; the nearest one here is 3."));
        List<String> second = new ArrayList<>();
        assertThat(runtime.prepareImage(definition, second::add)).isEqualTo(image);
        assertThat(second).isEmpty();
    }

    @Test
    void condaPackagesThatPyPiDoesNotKnowAreNamed() {
        ImageDefinition definition = new ImageDefinition(
                new ImageKey("abc"),
                "",
                false,
                "",
                List.of(),
                Optional.empty(),
                List.of("numpy=1.21", "bioconda::samtools"),
                List.of());
        assertThatThrownBy(() -> runtime.prepareImage(definition, line -> {}))
                .isInstanceOf(ImageFailure.class)
                .hasMessageContaining("bioconda::samtools");
    }
}
