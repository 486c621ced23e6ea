package dev.malachite.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.malachite.engine.MachineAccess;
import dev.malachite.engine.TargetId;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.runtime.InstanceRuntime.Found;
import dev.malachite.server.runtime.InstanceRuntime.Notebooks;
import dev.malachite.server.runtime.InstanceRuntime.SetupScript;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the machine of a compute instance does, whatever it is made of. */
public abstract class InstanceRuntimeContract {

    protected static final TargetId INSTANCE =
            new TargetId(new WorkspaceId("0a0a0a0a-0000-4000-8000-000000000002"), "ci-one");

    private static final String PATH = "/instances/ci-one.westus/";
    private static final Duration GRACE = Duration.ofSeconds(20);

    @TempDir
    protected Path data;

    private int order;
    protected NodeRuntime nodes;
    protected InstanceRuntime machines;

    /** A new runtime on the same data: what a start of the emulator makes. */
    protected abstract NodeRuntime open() throws Exception;

    /** An OpenSSH public key that is let in; the process runtime has nobody to ask for it. */
    protected Optional<String> publicKey() {
        return Optional.empty();
    }

    @BeforeEach
    void begin() throws Exception {
        nodes = open();
        machines = nodes.instances().orElseThrow();
    }

    @AfterEach
    void end() throws IOException {
        machines.remove(INSTANCE);
        nodes.closeTarget(INSTANCE);
        nodes.close();
    }

    @Test
    void keepsItsDiskWhileItIsStopped() throws Exception {
        start(1);
        assertThat(run("echo \"$1 $GREETING\"; cat config.json; pwd > where; echo kept > ~/file", "'a word'", 60))
                .isEqualTo(0);
        assertThat(log()).contains("a word hello", "{\"subscription_id\": 1}");
        aScriptSaysHowItEndedAndHasItsTime();
        machines.stop(INSTANCE, GRACE);
        assertThat(machines.listInstances()).containsExactly(new Found(INSTANCE, false));
        assertThat(machines.notebooks(INSTANCE)).isEmpty();
        assertThatThrownBy(() -> run("true", "", 60)).hasMessageContaining("does not run");
        machines.stop(INSTANCE, GRACE);
        start(2);
        assertThat(run("cat ~/file where", "", 60)).isEqualTo(0);
        assertThat(log()).contains("kept");
        assertThat(machines.listInstances()).containsExactly(new Found(INSTANCE, true));
        machines.remove(INSTANCE);
        machines.remove(INSTANCE);
        assertThat(machines.listInstances()).isEmpty();
    }

    private void aScriptSaysHowItEndedAndHasItsTime() throws Exception {
        assertThat(run("echo first; echo second >&2; exit 7", "", 60)).isEqualTo(7);
        assertThat(log()).contains("first", "second");
        assertThat(run("echo slow; sleep 600", "", 1)).isEqualTo(124);
        assertThat(log()).contains("slow");
    }

    @Test
    void aScriptThatWasBegunIsFollowedAndNotBegunAgain() throws Exception {
        start(1);
        String script = "echo begun >> ~/begun; echo one; sleep 3; echo two; exit 5";
        Thread first = Thread.ofPlatform().start(() -> {
            try {
                run(1, script, "", 60);
            } catch (IOException e) {
                // The emulator that waited for it is no more.
            }
        });
        while (!Files.exists(data.resolve("logs/setup.txt")) || !log().contains("one")) {
            Thread.onSpinWait();
        }
        first.interrupt();
        first.join();
        nodes.close();
        nodes = open();
        machines = nodes.instances().orElseThrow();
        FutureTask<Integer> second = new FutureTask<>(() -> run(1, script, "", 60));
        Thread.ofPlatform().start(second);
        order = 1;
        assertThat(machines.listInstances()).containsExactly(new Found(INSTANCE, true));
        assertThat(second.get(60, TimeUnit.SECONDS)).isEqualTo(5);
        assertThat(log()).containsExactly("one", "two");
        assertThat(run(1, script, "", 60)).isEqualTo(5);
        assertThat(run("test $(wc -l < ~/begun) = 1", "", 60)).isEqualTo(0);
    }

    @Test
    void itsNotebooksAnswerWhoHasTheKeyAndNobodyElse() throws Exception {
        start(1);
        Notebooks server = machines.notebooks(INSTANCE).orElseThrow();
        assertThat(machines.lastActivity(INSTANCE)).isEmpty();
        assertThat(status(server, "GET", "api/status", server.key())).isEqualTo(200);
        assertThat(status(server, "GET", "api/status", "guessed")).isEqualTo(403);
        assertThat(status(server, "POST", "api/terminals", "guessed")).isEqualTo(403);
        assertThat(page(server)).contains("JupyterLab").doesNotContain(server.key());
        assertThat(machines.lastActivity(INSTANCE)).as("a page that is open").isEmpty();
        assertThat(status(server, "POST", "api/terminals", server.key())).isEqualTo(200);
        assertThat(machines.lastActivity(INSTANCE)).as("a terminal").isPresent();

        // Another emulator's process finds it again.
        nodes.close();
        nodes = open();
        machines = nodes.instances().orElseThrow();
        Notebooks found = machines.notebooks(INSTANCE).orElseThrow();
        assertThat(found).isEqualTo(server);
        assertThat(status(found, "GET", "api/terminals", found.key())).isEqualTo(200);
        start(2);
        assertThat(machines.notebooks(INSTANCE)).contains(server);
    }

    protected MachineAccess start(int cpus) throws IOException {
        return machines.start(new InstanceSpec(
                INSTANCE,
                "ci-one",
                cpus,
                1024L * cpus,
                publicKey(),
                Map.of("GREETING", "hello"),
                Map.of("config.json", "{\"subscription_id\": 1}\n", ".azureml/config.json", "{}"),
                "",
                PATH,
                Optional.empty()));
    }

    protected int run(String script, String arguments, int seconds) throws IOException {
        return run(++order, script, arguments, seconds);
    }

    private int run(int number, String script, String arguments, int seconds) throws IOException {
        return machines.runScript(
                INSTANCE,
                number,
                new SetupScript(
                        "setup.sh", script.getBytes(StandardCharsets.UTF_8), arguments, Duration.ofSeconds(seconds)),
                data.resolve("logs/setup.txt"));
    }

    protected List<String> log() throws IOException {
        return Files.readAllLines(data.resolve("logs/setup.txt"));
    }

    private static int status(Notebooks server, String method, String path, String key) throws Exception {
        return ask(server, method, path, key).statusCode();
    }

    private static String page(Notebooks server) throws Exception {
        return ask(server, "GET", "lab", server.key()).body();
    }

    private static HttpResponse<String> ask(Notebooks server, String method, String path, String key) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(server.address() + server.path() + path))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .header(InstanceRuntime.KEY_HEADER, key)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
