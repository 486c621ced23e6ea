package dev.malachite.server.runtime.process;

import dev.malachite.engine.ImageKey;
import dev.malachite.engine.MachineAccess;
import dev.malachite.engine.TargetId;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.runtime.FreePorts;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.runtime.ImageFailure;
import dev.malachite.server.runtime.InstanceRuntime;
import dev.malachite.server.runtime.InstanceSpec;
import dev.malachite.server.runtime.JobFile;
import dev.malachite.server.runtime.LocalCommand;
import dev.malachite.server.runtime.NotebookServer;
import dev.malachite.server.runtime.PreparedImage;
import dev.malachite.server.runtime.Turns;
import dev.malachite.server.web.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Machines of compute instances as folders of this machine: scripts run as processes of the emulator's own user with their
 * home there, and a Jupyter server is installed and begun only when somebody opens it. There is no SSH into a folder.
 */
final class ProcessInstances implements InstanceRuntime, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessInstances.class);
    private static final Duration ANSWERS = Duration.ofMinutes(2);
    private static final Duration VENV = Duration.ofMinutes(5);

    private final Path folder;
    private final VirtualEnvironments environments;
    private final NotebookServer notebooks = new NotebookServer();
    private final Turns turns = new Turns();

    ProcessInstances(Path folder, VirtualEnvironments environments) {
        this.folder = folder;
        this.environments = environments;
    }

    @Override
    public MachineAccess start(InstanceSpec instance) throws IOException {
        ReentrantLock turn = turns.of(instance.id());
        turn.lock();
        try {
            of(instance.id()).start(instance);
            return new MachineAccess(Optional.empty(), Optional.of(LoopbackPorts.HOST));
        } finally {
            turn.unlock();
        }
    }

    @Override
    public int runScript(TargetId instance, int order, SetupScript script, Path log) throws IOException {
        MachineFolder machine = of(instance);
        if (!machine.running()) {
            throw new IOException("The machine of " + instance + " does not run");
        }
        Files.createDirectories(log.toAbsolutePath().getParent());
        requireEnvironment(machine);
        return new FolderScript(machine, order).run(script, log);
    }

    /** What a script installs must not end in the Python of whoever runs the emulator. */
    private void requireEnvironment(MachineFolder machine) throws IOException {
        ReentrantLock turn = turns.of(machine.instance());
        turn.lock();
        try {
            // What a venv makes last.
            if (!Files.exists(machine.environment().resolve("bin/pip"))) {
                VirtualEnvironments.bare(machine.environment());
            }
        } catch (ImageFailure e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void stop(TargetId instance, Duration grace) throws IOException {
        ReentrantLock turn = turns.of(instance);
        turn.lock();
        try {
            MachineFolder machine = of(instance);
            if (machine.there()) {
                machine.server().ifPresent(server -> end(server, grace));
                FolderScript.endAll(machine);
                machine.stopped();
            }
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void remove(TargetId instance) throws IOException {
        stop(instance, Duration.ZERO);
        Folders.remove(of(instance).root());
    }

    @Override
    public Optional<Notebooks> notebooks(TargetId instance) throws IOException {
        ReentrantLock turn = turns.of(instance);
        turn.lock();
        try {
            MachineFolder machine = of(instance);
            if (!machine.running()) {
                return Optional.empty();
            }
            if (machine.server().isEmpty()) {
                begin(machine);
            }
            return Optional.of(machine.notebooks());
        } finally {
            turn.unlock();
        }
    }

    @Override
    public Optional<Instant> lastActivity(TargetId instance) throws IOException {
        MachineFolder machine = of(instance);
        return machine.running() && machine.server().isPresent()
                ? notebooks.lastActivity(machine.notebooks())
                : Optional.empty();
    }

    @Override
    public List<Found> listInstances() throws IOException {
        List<Found> found = new ArrayList<>();
        for (Path workspace : Folders.in(folder)) {
            for (Path each : Folders.in(workspace)) {
                TargetId id = new TargetId(
                        new WorkspaceId(workspace.getFileName().toString()),
                        each.getFileName().toString());
                if (of(id).there()) {
                    found.add(new Found(id, of(id).running()));
                }
            }
        }
        return found;
    }

    @Override
    public void close() {
        notebooks.close();
    }

    private MachineFolder of(TargetId instance) {
        return new MachineFolder(
                instance, folder.resolve(instance.workspace().value()).resolve(instance.name()));
    }

    /** Begins the Jupyter server and returns when it answers. */
    private void begin(MachineFolder machine) throws IOException {
        String server = server();
        userEnvironment(machine, Path.of(server));
        Files.writeString(machine.key(), NotebookServer.newKey(), StandardCharsets.US_ASCII);
        int port = FreePorts.any();
        ProcessBuilder builder = builder(
                machine,
                Keeper.inOwnSession(List.of(
                        server + "/bin/python",
                        "-m",
                        "jupyter",
                        "lab",
                        "--allow-root",
                        "--config=" + machine.state().resolve("notebooks.py"))));
        Map<String, String> variables = builder.environment();
        variables.put("JUPYTER_PATH", machine.root().resolve("jupyter").toString());
        variables.put("MALACHITE_KEY_FILE", machine.key().toString());
        variables.put("MALACHITE_NOTEBOOKS_PATH", machine.notebooksPath());
        variables.put("MALACHITE_NOTEBOOKS_ROOT", machine.code().toString());
        variables.put("MALACHITE_NOTEBOOKS_ADDRESS", LoopbackPorts.HOST);
        variables.put("MALACHITE_NOTEBOOKS_PORT", Integer.toString(port));
        Process process = builder.directory(machine.home().toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(machine.state().resolve("notebooks.log").toFile())
                .start();
        machine.serverBegun(process.pid(), port);
        try {
            notebooks.await(machine.notebooks(), ANSWERS, process::isAlive);
        } catch (IOException e) {
            end(process.toHandle(), Duration.ZERO);
            throw e;
        }
    }

    /** The virtual environment with the Jupyter server, which all machines share. */
    private String server() throws IOException {
        List<String> lines = JobFile.resource("instance/notebooks.txt").lines().toList();
        ImageDefinition definition = new ImageDefinition(
                new ImageKey("notebooks"), "", false, "", lines, Optional.empty(), List.of(), List.of());
        try {
            PreparedImage prepared = environments.prepare(definition, line -> LOG.info("{}", line));
            return prepared.reference();
        } catch (ImageFailure e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * The machine's own environment, in which its user installs what they like: the server's packages can be imported in it,
     * so that it need not have a kernel of its own.
     */
    private static void userEnvironment(MachineFolder machine, Path server) throws IOException {
        Path kernel = machine.root().resolve("jupyter/kernels/python3/kernel.json");
        if (Files.exists(kernel)) {
            return;
        }
        String python = machine.environment().resolve("bin/python").toString();
        LocalCommand.Result made = LocalCommand.run(
                List.of(
                        server + "/bin/python",
                        "-m",
                        "venv",
                        machine.environment().toString()),
                VENV,
                line -> LOG.debug("{}", line));
        if (made.exitCode() != 0) {
            throw new IOException("No virtual environment can be made:\n" + made.lastLines());
        }
        String code = "import sysconfig; print(sysconfig.get_paths()['purelib'])";
        String shared = LocalCommand.run(List.of(server + "/bin/python", "-c", code), VENV, line -> {})
                .lastLines()
                .strip();
        String own = LocalCommand.run(List.of(python, "-c", code), VENV, line -> {})
                .lastLines()
                .strip();
        Files.writeString(Path.of(own, "malachite.pth"), shared + "\n", StandardCharsets.UTF_8);
        Files.createDirectories(kernel.getParent());
        Files.writeString(
                kernel,
                Json.text(Json.object()
                        .put("display_name", "Python 3")
                        .put("language", "python")
                        .set(
                                "argv",
                                Json.array()
                                        .add(python)
                                        .add("-m")
                                        .add("ipykernel_launcher")
                                        .add("-f")
                                        .add("{connection_file}"))),
                StandardCharsets.UTF_8);
    }

    private static ProcessBuilder builder(MachineFolder machine, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(machine.variables());
        return builder;
    }

    /** With everything that it began. */
    private static void end(ProcessHandle process, Duration grace) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process);
        process.destroy();
        try {
            CompletableFuture.allOf(all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                    .get(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // What is left is killed.
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
