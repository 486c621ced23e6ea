package dev.malachite.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.malachite.engine.ImageKey;
import dev.malachite.engine.JobId;
import dev.malachite.engine.NodeId;
import dev.malachite.engine.TargetId;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.runtime.NodeRuntime.Found;
import dev.malachite.server.snapshot.Snapshots.SnapshotFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every runtime does, whatever its nodes are made of. */
public abstract class NodeRuntimeContract {

    protected static final TargetId TARGET =
            new TargetId(new WorkspaceId("0a0a0a0a-0000-4000-8000-000000000001"), "cpu");
    protected static final NodeId NODE = new NodeId("tvm-1");

    @TempDir
    protected Path data;

    protected final Observations observations = new Observations();
    protected NodeRuntime runtime;

    /** A new runtime on the same data: what a start of the emulator makes. */
    protected abstract NodeRuntime open(RuntimeObserver observer) throws Exception;

    /** Whether jobs are real programs. */
    protected boolean real() {
        return true;
    }

    /** Lets the emulator's time reach the end of what was started; real runtimes need nothing for it. */
    protected void letTimePass() {}

    @BeforeEach
    void begin() throws Exception {
        runtime = open(observations);
    }

    @AfterEach
    void end() throws IOException {
        runtime.closeNode(NODE);
        runtime.closeTarget(TARGET);
        runtime.close();
    }

    @Test
    void runsAJobWhoseOutputIsOnDiskWhenItsExitIsTold() throws Exception {
        NodeSpec node = openNode(1);
        runtime.startJob(
                node, job("echo one; echo two >&2; echo three", Map.of("malachite.output", "one\ntwo\nthree\n")));
        letTimePass();
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
        assertThat(log()).containsExactly("one", "two", "three");
    }

    @Test
    void tellsAFailingJobsExitCode() throws Exception {
        NodeSpec node = openNode(1);
        runtime.startJob(node, job("exit 7", Map.of("malachite.exitCode", "7")));
        letTimePass();
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 7");
    }

    @Test
    void stopsAJobByTermAndLetsItCleanUp() throws Exception {
        NodeSpec node = openNode(1);
        String program = "trap 'echo bye; kill $child; exit 143' TERM; sleep 600 & child=$!; echo ready; wait";
        runtime.startJob(
                node, job(program, Map.of("malachite.duration", "PT600S", "malachite.output", "ready\nbye\n")));
        awaitLine("ready");
        runtime.stopJob(NODE, 1, List.of(data.resolve("log.txt")), Duration.ofSeconds(30));
        letTimePass();
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 143");
        assertThat(log()).contains("bye");
    }

    @Test
    void killsAJobThatIgnoresTerm() throws Exception {
        NodeSpec node = openNode(1);
        String program = "trap '' TERM; echo ready; while :; do sleep 1; done";
        Map<String, String> tags =
                Map.of("malachite.duration", "PT600S", "malachite.ignoresTerm", "true", "malachite.output", "ready\n");
        runtime.startJob(node, job(program, tags));
        awaitLine("ready");
        runtime.stopJob(NODE, 1, List.of(data.resolve("log.txt")), Duration.ofSeconds(1));
        letTimePass();
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 137");
    }

    @Test
    void handsOverWhatAJobLeftAndNothingElse() throws Exception {
        assumeThat(real()).as("only real jobs leave files").isTrue();
        NodeSpec node = openNode(1);
        String program = "echo model > outputs/model.txt; mkdir -p logs/deep; echo line > logs/deep/a.log;"
                + " echo no > elsewhere.txt; ln -s /etc/passwd outputs/link; ln -s / logs/root";
        runtime.startJob(node, job(program, Map.of()));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
        assertThat(collected()).isEqualTo(Map.of("outputs/model.txt", "model\n", "logs/deep/a.log", "line\n"));
    }

    @Test
    void givesAJobItsEnvironmentItsSnapshotAndOurCertificate() throws Exception {
        assumeThat(real()).as("only real jobs see an environment").isTrue();
        NodeSpec node = openNode(1);
        Path file = Files.writeString(data.resolve("sub.sh"), "echo \"[$TEXT]\"; tail -n 1 \"$REQUESTS_CA_BUNDLE\"\n");
        JobStart job = new JobStart(
                job("", Map.of()).job(),
                1,
                List.of(new SnapshotFile("a dir/sub.sh", file, Files.size(file))),
                () -> JobData.NONE,
                List.of("./a dir/sub.sh"),
                "a dir/sub.sh",
                Map.of("TEXT", "it's $HOME \"and\"\nmore", "no.shell", "x"),
                "-- our certificate --\n",
                data.resolve("log.txt"),
                Map.of());
        Files.writeString(file, "#!/bin/sh\n" + Files.readString(file, StandardCharsets.UTF_8));
        runtime.startJob(node, job);
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
        assertThat(log())
                .containsExactly(
                        "The environment variable 'no.shell' is left out: no shell can hold that name.",
                        "[it's $HOME \"and\"",
                        "more]",
                        "-- our certificate --");
    }

    @Test
    void bringsInputsAndHandsOverWhatIsLeftBesideThem() throws Exception {
        assumeThat(real()).as("only real jobs have files").isTrue();
        NodeSpec node = openNode(1);
        Path small = Files.writeString(data.resolve("small"), "small\n");
        Path big = Files.write(data.resolve("bigger"), new byte[9 << 20]);
        String folder = runtime.dataFolder(node);
        JobStart job = job(
                "cd " + folder + " && cat 'INPUT_a/a b.txt' && wc -c < INPUT_b/deep/big && ls -A OUTPUT_x"
                        + " && echo new >> INPUT_b/deep/big && mkdir OUTPUT_x/deep && echo left > OUTPUT_x/deep/file"
                        + " && ln -s /etc/passwd OUTPUT_x/link",
                Map.of());
        runtime.startJob(
                node,
                with(
                        job,
                        () -> new JobData(
                                List.of(
                                        new JobData.DataFile("INPUT_a/a b.txt", small, Files.size(small), false),
                                        new JobData.DataFile("INPUT_b/deep/big", big, Files.size(big), true)),
                                List.of("OUTPUT_x"))));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
        assertThat(log()).map(String::strip).containsExactly("small", Integer.toString(9 << 20));
        Map<String, String> left = new TreeMap<>();
        runtime.collectData(NODE, 1, "OUTPUT_x", (path, content) -> left.put(path, text(content)));
        runtime.collectData(NODE, 1, "OUTPUT_none", (path, content) -> left.put(path, text(content)));
        assertThat(left).isEqualTo(Map.of("deep/file", "left\n"));
        assertThat(big).hasSize(9 << 20);
    }

    @Test
    void aJobWithoutItsInputsIsNotBegun() throws Exception {
        assumeThat(real()).as("only real jobs have files").isTrue();
        NodeSpec node = openNode(1);
        JobStart job = with(job("echo never", Map.of()), () -> {
            throw new JobData.Missing("nothing is there");
        });
        assertThatThrownBy(() -> runtime.startJob(node, job))
                .isInstanceOf(JobData.Missing.class)
                .hasMessage("nothing is there");
        runtime.closeNode(NODE);
        assertThat(observations.nothingMore()).isTrue();
    }

    private static JobStart with(JobStart job, JobData.Source data) {
        return new JobStart(
                job.job(),
                job.attempt(),
                job.files(),
                data,
                job.program(),
                job.script(),
                job.environment(),
                job.certificate(),
                job.log(),
                job.simulation());
    }

    @Test
    void everyPythonOfAJobFindsOurFileBeforeTheJobsOwnPath() throws Exception {
        assumeThat(real()).as("only real jobs see an environment").isTrue();
        NodeSpec node = openNode(1);
        JobStart job = job("echo \"${PYTHONPATH#*:}\"; cat \"${PYTHONPATH%%:*}/sitecustomize.py\"", Map.of());
        runtime.startJob(
                node,
                new JobStart(
                        job.job(),
                        1,
                        List.of(),
                        () -> JobData.NONE,
                        job.program(),
                        "",
                        Map.of("PYTHONPATH", "/theirs:/more"),
                        "",
                        job.log(),
                        Map.of()));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
        List<String> expected = new ArrayList<>(List.of("/theirs:/more"));
        JobFile.python().lines().forEach(expected::add);
        assertThat(log()).isEqualTo(expected);
    }

    @Test
    void aStartedJobIsFollowedAfterARestartAndNotRunTwice() throws Exception {
        NodeSpec node = openNode(1);
        String program = "echo run; while [ ! -e outputs/../go ]; do sleep 0.05; done; echo end";
        JobStart job = job(program, Map.of("malachite.duration", "PT600S", "malachite.output", "run\n"));
        runtime.startJob(node, job);
        awaitLine("run");
        runtime.close();

        runtime = open(observations);
        assertThat(runtime.list()).containsExactly(new Found(NODE, 1, true));
        runtime.startJob(node, job);
        stop();
        letTimePass();
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 143");
        assertThat(log()).containsExactly("run");
        assertThat(observations.nothingMore()).isTrue();
    }

    @Test
    void aJobThatEndedWhileNobodyLookedIsTold() throws Exception {
        NodeSpec node = openNode(1);
        JobStart job = job("echo run; exit 3", Map.of("malachite.exitCode", "3", "malachite.output", "run\n"));
        runtime.startJob(node, job);
        letTimePass();
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 3");
        runtime.close();

        runtime = open(observations);
        assertThat(runtime.list()).containsExactly(new Found(NODE, 1, false));
        runtime.startJob(node, job);
        letTimePass();
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 3");
        assertThat(log()).containsExactly("run");
    }

    @Test
    void whatHasNotBegunIsLostWhenItIsStopped() throws Exception {
        stop();
        assertThat(observations.next()).isEqualTo("lost tvm-1/1 It had not begun.");
        openNode(1);
        stop();
        assertThat(observations.next()).isEqualTo("lost tvm-1/1 It had not begun.");
    }

    @Test
    void aJobIsStoppedRightAfterARestart() throws Exception {
        NodeSpec node = openNode(1);
        Map<String, String> tags = Map.of("malachite.duration", "PT600S", "malachite.output", "run\n");
        runtime.startJob(node, job("echo run; sleep 600", tags));
        awaitLine("run");
        runtime.close();

        runtime = open(observations);
        stop();
        letTimePass();
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 143");
        assertThat(log()).containsExactly("run");
        assertThat(observations.nothingMore()).isTrue();
    }

    @Test
    void aJobThatEndedWhileNobodyLookedIsToldWhenItIsStopped() throws Exception {
        NodeSpec node = openNode(1);
        JobStart job = job("echo run; exit 3", Map.of("malachite.exitCode", "3", "malachite.output", "run\n"));
        runtime.startJob(node, job);
        letTimePass();
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 3");
        runtime.close();

        runtime = open(observations);
        stop();
        letTimePass();
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 3");
        assertThat(log()).containsExactly("run");
        assertThat(observations.nothingMore()).isTrue();
    }

    @Test
    void whatAStoppedJobSavesInItsLastMomentsIsCollected() throws Exception {
        assumeThat(real()).as("only real jobs leave files").isTrue();
        NodeSpec node = openNode(1);
        String program = "trap 'sleep 1; echo 7 > outputs/checkpoint.txt; exit 0' TERM; echo ready;"
                + " while :; do sleep 0.1; done";
        runtime.startJob(node, job(program, Map.of()));
        awaitLine("ready");
        stop();
        assertThat(collected()).isEqualTo(Map.of("outputs/checkpoint.txt", "7\n"));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
    }

    @Test
    void openingTwiceIsOneNodeAndANewGenerationReplacesTheOld() throws Exception {
        openNode(1);
        openNode(1);
        assertThat(runtime.list()).containsExactly(new Found(NODE, 1, true));
        NodeSpec second = openNode(2);
        assertThat(runtime.list()).containsExactly(new Found(NODE, 2, true));
        runtime.startJob(second, job("exit 0", Map.of()));
        letTimePass();
        assertThat(observations.next()).isEqualTo("exit tvm-1/2 0");
    }

    @Test
    void aNodeThatHasHadNoJobIsEnteredAndTakesOneAfterwards() throws Exception {
        assumeThat(runtime.enterable()).isTrue();
        NodeSpec node = openNode(1);
        String many = "a line of input\n".repeat(50_000);
        assertThat(said(NODE, "cat > left.txt; cat left.txt", many).length()).isEqualTo(many.length());
        runtime.startJob(node, job("head -n 1 left.txt", Map.of()));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
        assertThat(log()).containsExactly("a line of input");
    }

    @Test
    void closingRemovesANodeWithItsJobAndTellsNothing() throws Exception {
        NodeSpec node = openNode(1);
        runtime.startJob(node, job("echo ready; sleep 600", Map.of("malachite.duration", "PT600S")));
        runtime.closeNode(NODE);
        runtime.closeNode(NODE);
        assertThat(runtime.list()).isEmpty();
        assertThat(observations.nothingMore()).isTrue();
    }

    @Test
    void aScriptThatIsNotInTheSnapshotIsNamed() throws Exception {
        NodeSpec node = openNode(1);
        JobStart job = job("exit 0", Map.of());
        JobStart missing = new JobStart(
                job.job(),
                1,
                List.of(),
                () -> JobData.NONE,
                job.program(),
                "train.py",
                Map.of(),
                "",
                job.log(),
                Map.of());
        runtime.startJob(node, missing);
        letTimePass();
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 2");
        assertThat(log()).containsExactly("The script 'train.py' is not in the snapshot.");
    }

    @Test
    void aProgramThatIsNotThereIsNamed() throws Exception {
        assumeThat(real()).as("only real jobs miss a program").isTrue();
        NodeSpec node = openNode(1);
        JobStart job = job("", Map.of());
        runtime.startJob(
                node,
                new JobStart(
                        job.job(),
                        1,
                        List.of(),
                        () -> JobData.NONE,
                        List.of("no-such", "x"),
                        "",
                        Map.of(),
                        "",
                        job.log(),
                        Map.of()));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 127");
        assertThat(log()).containsExactly("The program 'no-such' was not found.");
    }

    @Test
    void severalProcessesOfANodeHaveTheirOwnVariablesAndLogs() throws Exception {
        assumeThat(real()).as("only real jobs are processes").isTrue();
        String program = "echo \"$R of $ALL\"; printf unended; printf ' line\\001' >&2; echo >> outputs/$R.txt";
        runtime.startJob(openNode(1), ranks(program, false, false, false));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
        for (int rank = 0; rank < 3; rank++) {
            assertThat(log(rank)).containsExactly(rank + " of 3", "unended line\1");
        }
        assertThat(collected().keySet()).containsExactly("outputs/0.txt", "outputs/1.txt", "outputs/2.txt");
    }

    @Test
    void theFirstProcessThatFailsEndsTheOthersAndItsExitCodeIsTheNodes() throws Exception {
        assumeThat(real()).as("only real jobs are processes").isTrue();
        String program =
                "trap 'echo told; exit 0' TERM; if [ $R = 1 ]; then until [ -e outputs/0 ]; do sleep 0.05; done;"
                        + " exit 7; fi; : > outputs/$R; while :; do sleep 0.05; done";
        runtime.startJob(openNode(1), ranks(program, false, false));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 7");
        assertThat(log(0)).containsExactly("told");
        assertThat(log(1)).containsExactly("This process ended with exit code 7.");
    }

    @Test
    void eachProcessOfANodeIsToldToStopOnce() throws Exception {
        assumeThat(real()).as("only real jobs are processes").isTrue();
        String program = "trap 'echo told; told=1' TERM; echo ready; while [ -z \"$told\" ]; do sleep 0.05; done;"
                + " sleep 0.5; exit $R";
        JobStart job = ranks(program, false, false);
        runtime.startJob(openNode(1), job);
        awaitLine("ready", "log-0.txt");
        awaitLine("ready", "log-1.txt");
        runtime.stopJob(NODE, 1, job.logs(), Duration.ofSeconds(20));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 1");
        assertThat(log(0)).containsExactly("ready", "told");
        assertThat(log(1)).containsExactly("ready", "told", "This process ended with exit code 1.");
    }

    @Test
    void aProcessThatServesEndsWithThoseThatItServes() throws Exception {
        assumeThat(real()).as("only real jobs are processes").isTrue();
        String program = "echo $R; if [ $R = 0 ]; then : > outputs/0; sleep 600; fi;"
                + " until [ -e outputs/0 ]; do sleep 0.05; done";
        runtime.startJob(openNode(1), ranks(program, true, false));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
        assertThat(log(0)).first().isEqualTo("0");
        assertThat(log(1)).containsExactly("1");
    }

    @Test
    void theLogsOfSeveralProcessesGoOnAfterARestart() throws Exception {
        assumeThat(real()).as("only real jobs are processes").isTrue();
        NodeSpec node = openNode(1);
        JobStart job = ranks("trap 'echo end; exit 0' TERM; echo run; while :; do sleep 0.05; done", false, false);
        runtime.startJob(node, job);
        awaitLine("run", "log-0.txt");
        awaitLine("run", "log-1.txt");
        runtime.close();

        runtime = open(observations);
        runtime.stopJob(NODE, 1, job.logs(), Duration.ofSeconds(20));
        assertThat(observations.next()).isEqualTo("exit tvm-1/1 0");
        assertThat(log(0)).containsExactly("run", "end");
        assertThat(log(1)).containsExactly("run", "end");
    }

    /** A job of several processes: {@code R} says which, and those that serve are named by their place. */
    private JobStart ranks(String shell, boolean... serves) {
        List<JobStart.Rank> ranks = new ArrayList<>();
        for (int i = 0; i < serves.length; i++) {
            ranks.add(
                    new JobStart.Rank(Map.of("R", Integer.toString(i)), data.resolve("log-" + i + ".txt"), serves[i]));
        }
        JobStart job = job(shell, Map.of());
        return new JobStart(
                job.job(),
                1,
                List.of(),
                () -> JobData.NONE,
                job.program(),
                "",
                Map.of("ALL", Integer.toString(serves.length)),
                "",
                ranks.getFirst()::log,
                Map.of(),
                ranks);
    }

    private List<String> log(int rank) throws IOException {
        return Files.readAllLines(data.resolve("log-" + rank + ".txt"), StandardCharsets.UTF_8).stream()
                // What the job's own shell says of a sleep that the signal has ended too.
                .filter(line -> !line.equals("Terminated"))
                .toList();
    }

    /** What a command prints for somebody who has entered the node's first container. */
    protected String said(NodeId node, String command, String input) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (NodeShell shell = runtime.enter(
                node,
                1,
                new NodeShell.Wish(
                        Optional.of(command),
                        Optional.empty(),
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        out,
                        err))) {
            assertThat(shell.await()).as(err.toString(StandardCharsets.UTF_8)).isZero();
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    protected NodeSpec openNode(int generation) throws Exception {
        PreparedImage image = runtime.prepareImage(definition(baseImage()), line -> {});
        NodeSpec node = new NodeSpec(NODE, TARGET, 0, generation, image.reference(), 64, 512);
        runtime.openNode(node);
        return node;
    }

    protected String baseImage() {
        return "";
    }

    protected static ImageDefinition definition(String baseImage, String... pip) {
        return new ImageDefinition(
                new ImageKey("c0ffee"),
                baseImage,
                pip.length == 0,
                "sh",
                List.of(pip),
                Optional.empty(),
                List.of(),
                List.of());
    }

    protected JobStart job(String shell, Map<String, String> tags) {
        return new JobStart(
                new JobId(TARGET.workspace(), "run_1"),
                1,
                List.of(),
                () -> JobData.NONE,
                List.of("sh", "-c", shell),
                "",
                Map.of(),
                "",
                data.resolve("log.txt"),
                tags);
    }

    protected List<String> log() throws IOException {
        return Files.readAllLines(data.resolve("log.txt"), StandardCharsets.UTF_8);
    }

    private void stop() throws IOException {
        runtime.stopJob(NODE, 1, List.of(data.resolve("log.txt")), Duration.ofSeconds(20));
    }

    protected Map<String, String> collected() throws IOException {
        Map<String, String> files = new TreeMap<>();
        runtime.collect(NODE, 1, (path, content) -> files.put(path, text(content)));
        return files;
    }

    private static String text(InputStream content) throws IOException {
        return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Jobs of real runtimes say when they are ready; files have no event that a test could wait for. */
    protected void awaitLine(String line) throws Exception {
        awaitLine(line, "log.txt");
    }

    private void awaitLine(String line, String file) throws Exception {
        Path log = data.resolve(file);
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        List<String> seen = new ArrayList<>();
        while (!seen.contains(line)) {
            assertThat(System.nanoTime()).as("no line '%s' in %s", line, seen).isLessThan(deadline);
            Thread.onSpinWait();
            seen = Files.exists(log) ? Files.readAllLines(log, StandardCharsets.UTF_8) : List.of();
        }
    }
}
