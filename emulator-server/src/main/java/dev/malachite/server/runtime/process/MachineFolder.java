package dev.malachite.server.runtime.process;

import dev.malachite.engine.TargetId;
import dev.malachite.server.runtime.InstanceRuntime.Notebooks;
import dev.malachite.server.runtime.InstanceSpec;
import dev.malachite.server.runtime.JobFile;
import dev.malachite.server.runtime.MachineShell;
import dev.malachite.server.runtime.SafePath;
import dev.malachite.server.web.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** The folder that is a compute instance's machine: its home, and what we note beside it. */
record MachineFolder(TargetId instance, Path root) {

    private static final String RUNNING = "running.json";
    private static final String SERVER = "server.json";
    private static final String PATH = "notebooksPath";
    private static final String ENVIRONMENT = "environment";

    Path home() {
        return root.resolve("home");
    }

    /** Where the Jupyter server begins, as in a container. */
    Path code() {
        return home().resolve("cloudfiles/code");
    }

    Path state() {
        return root.resolve("state");
    }

    Path key() {
        return state().resolve("key");
    }

    /** The environment of the user's programs, which is the machine's own. */
    Path environment() {
        return root.resolve("env");
    }

    boolean there() {
        return Files.isDirectory(state());
    }

    boolean running() {
        return Files.exists(state().resolve(RUNNING));
    }

    /** Lays out what a start brings. */
    void start(InstanceSpec instance) throws IOException {
        Folders.createPrivate(root);
        for (Path folder : List.of(state(), code(), root.resolve("tmp"))) {
            Files.createDirectories(folder);
        }
        for (Map.Entry<String, String> file : instance.files().entrySet()) {
            Path target = SafePath.below(home(), file.getKey());
            Files.createDirectories(target.getParent());
            Files.writeString(target, file.getValue(), StandardCharsets.UTF_8);
        }
        Files.writeString(bundle(), trusted() + "\n" + instance.certificate(), StandardCharsets.UTF_8);
        Files.writeString(state().resolve("notebooks.py"), JobFile.resource("instance/notebooks.py"));
        shell();
        ObjectNode variables = Json.object();
        instance.environment().forEach(variables::put);
        note(RUNNING, Json.object().put(PATH, instance.notebooksPath()).set(ENVIRONMENT, variables));
    }

    /** Conda is run by the machine's own environment, which is there from the first opening or setup script on. */
    private void shell() throws IOException {
        String python = environment().resolve("bin/python").toString();
        Files.createDirectories(state().resolve(MachineShell.BIN));
        for (Map.Entry<String, String> file :
                MachineShell.files(state().toString(), python).entrySet()) {
            Files.writeString(state().resolve(file.getKey()), file.getValue(), StandardCharsets.UTF_8);
        }
        Files.setPosixFilePermissions(
                state().resolve(MachineShell.CONDA), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    void stopped() throws IOException {
        Files.deleteIfExists(state().resolve(SERVER));
        Files.deleteIfExists(state().resolve(RUNNING));
    }

    /** Nothing of our own environment, which may be secret, but what programs cannot do without. */
    Map<String, String> variables() throws IOException {
        Map<String, String> variables = new HashMap<>();
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/local/bin:/usr/bin:/bin");
        variables.put("PATH", environment().resolve("bin") + ":" + state().resolve(MachineShell.BIN) + ":" + path);
        variables.put("LANG", Optional.ofNullable(System.getenv("LANG")).orElse("C.UTF-8"));
        variables.put("HOME", home().toString());
        variables.put("TMPDIR", root.resolve("tmp").toString());
        for (String name : List.of("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT")) {
            variables.put(name, bundle().toString());
        }
        noted(RUNNING)
                .map(note -> Json.objectAt(note, ENVIRONMENT))
                .ifPresent(kept -> kept.properties()
                        .forEach(each ->
                                variables.put(each.getKey(), each.getValue().asString())));
        return variables;
    }

    /** Below which the Jupyter server serves. */
    String notebooksPath() throws IOException {
        return noted(RUNNING).flatMap(note -> Json.string(note, PATH)).orElse("/");
    }

    /** Notes a server that was begun. */
    void serverBegun(long pid, int port) throws IOException {
        note(SERVER, Json.object().put("pid", pid).put("port", port));
    }

    /** The Jupyter server's process if it lives; another process that got the same number since is not it. */
    Optional<ProcessHandle> server() throws IOException {
        return noted(SERVER)
                .flatMap(note -> ProcessHandle.of(note.path("pid").asLong(-1)))
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info()
                        .arguments()
                        .map(arguments -> Arrays.stream(arguments).anyMatch(each -> each.contains(state().toString())))
                        .orElse(true));
    }

    Notebooks notebooks() throws IOException {
        int port = noted(SERVER).map(note -> note.path("port").asInt(0)).orElse(0);
        return new Notebooks(
                "http://" + LoopbackPorts.HOST + ":" + port,
                notebooksPath(),
                Files.readString(key(), StandardCharsets.US_ASCII));
    }

    private void note(String name, ObjectNode note) throws IOException {
        Path beside = state().resolve(name + ".new");
        Files.writeString(beside, Json.text(note), StandardCharsets.UTF_8);
        Files.move(beside, state().resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private Optional<ObjectNode> noted(String name) throws IOException {
        try {
            return Optional.of(Json.parse(Files.readString(state().resolve(name), StandardCharsets.UTF_8)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private Path bundle() {
        return state().resolve("bundle.pem");
    }

    /** The bundle in force for us is the one that is in force for the machine. */
    private static String trusted() throws IOException {
        Optional<Path> bundle = Stream.concat(
                        Stream.of("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
                                .flatMap(name -> Optional.ofNullable(System.getenv(name)).stream()),
                        JobFile.bundles().stream())
                .map(Path::of)
                .filter(Files::isRegularFile)
                .findFirst();
        return bundle.isPresent() ? Files.readString(bundle.get(), StandardCharsets.UTF_8) : "";
    }
}
