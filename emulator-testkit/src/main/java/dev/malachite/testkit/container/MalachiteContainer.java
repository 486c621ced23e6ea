package dev.malachite.testkit.container;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Ports;
import dev.malachite.testkit.client.MalachiteClient;
import dev.malachite.testkit.emulator.Emulator;
import dev.malachite.testkit.emulator.JobRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * The emulator in a container, for Testcontainers 2.
 *
 * <p>Jobs run as processes inside the container unless {@link #withRuntime(JobRuntime)} says otherwise: the container parts
 * them from the machine already, so a submitted script really runs, and neither the engine's socket nor another image is
 * needed. {@link JobRuntime#SIMULATED} is for tests of scaling and failures; {@link JobRuntime#DOCKER} gives the emulator
 * the engine's socket, and with it the engine, and makes each node a container beside it.
 *
 * <p>With an engine on this machine its ports are published on 127.0.0.1 only; elsewhere, where the engine has them.
 *
 * <p>The image comes from {@code scripts/emulator-image} of a checkout; no registry has it.
 */
public final class MalachiteContainer extends GenericContainer<MalachiteContainer> {

    /** The image that is taken when none is named. */
    public static final DockerImageName IMAGE = DockerImageName.parse("malachite/emulator:1");

    /** The name that the emulator's certificate bears, so other containers must use it. */
    public static final String NAME = "malachite";

    /** Where {@link #pointsAt(GenericContainer)} puts the certificates that the other container shall trust. */
    public static final String BUNDLE = "/malachite/ca-bundle.pem";

    private static final int HTTPS = 443;
    private static final int HTTP = 80;
    private static final Duration START = Duration.ofMinutes(5);

    /** How Testcontainers calls an engine that is on this machine. */
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1");

    /** The service's own names, for programs that no variable can point elsewhere. */
    private static final List<String> AZURE = List.of(
            "management.azure.com",
            "login.microsoftonline.com",
            "graph.windows.net",
            "ml.azure.com",
            "malachite.blob.core.windows.net",
            "malachite.file.core.windows.net",
            "koreacentral.api.azureml.ms",
            "eastus.api.azureml.ms");

    private final DockerImageName image;
    private JobRuntime runtime = JobRuntime.PROCESS;
    private @Nullable Emulator emulator;
    private @Nullable Path files;

    /** From {@link #IMAGE}. */
    public MalachiteContainer() {
        this(IMAGE);
    }

    /** From another image that can stand for {@link #IMAGE}. */
    public MalachiteContainer(DockerImageName image) {
        super(image);
        this.image = image;
        image.assertCompatibleWith(IMAGE);
        withExposedPorts(HTTPS, HTTP);
        withNetworkAliases(NAME);
        waitingFor(Wait.forHttp("/_emulator/health").forPort(HTTP).withStartupTimeout(START));
    }

    /** Where it runs jobs; {@link JobRuntime#PROCESS} if nothing is said. */
    public MalachiteContainer withRuntime(JobRuntime where) {
        runtime = where;
        return this;
    }

    /**
     * Answers in its network also under the service's own host names, such as {@code management.azure.com}: programs in
     * other containers then need nothing but the certificate.
     */
    public MalachiteContainer withAzureNames() {
        return withNetworkAliases(AZURE.toArray(String[]::new));
    }

    /**
     * Starts the emulator, and returns when it serves.
     *
     * @throws IllegalStateException if the engine does not have {@link #IMAGE}; the message says what makes it
     */
    @Override
    public void start() {
        if (image.equals(IMAGE) && !isThere(image)) {
            throw new IllegalStateException("The image " + image + " is not on this Docker engine, and no registry has"
                    + " it: build it with 'scripts/emulator-image' of a checkout, or name another.");
        }
        super.start();
    }

    /** Or Testcontainers would ask registries for it, for minutes. */
    private static boolean isThere(DockerImageName image) {
        try {
            DockerClientFactory.instance()
                    .client()
                    .inspectImageCmd(image.asCanonicalNameString())
                    .exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    @Override
    protected void configure() {
        if (getNetwork() == null && runtime == JobRuntime.DOCKER) {
            throw new IllegalStateException(
                    "Jobs in containers reach the emulator by its network: call withNetwork(Network.newNetwork()) too.");
        }
        if (runtime == JobRuntime.DOCKER) {
            withFileSystemBind(
                    DockerClientFactory.instance().getRemoteDockerUnixSocketPath(),
                    "/var/run/docker.sock",
                    BindMode.READ_WRITE);
        }
        if (LOOPBACK.contains(getHost())) {
            withCreateContainerCmdModifier(MalachiteContainer::publishOnLoopback);
        }
        withCommand(
                "--malachite.data=/data",
                "--malachite.host=0.0.0.0",
                // Where the engine is elsewhere, or tests run in a container, this is not localhost.
                "--malachite.names=" + getHost(),
                "--malachite.https-port=" + HTTPS,
                "--malachite.http-port=" + HTTP,
                "--malachite.runtime=" + runtime.option());
    }

    /** On all addresses of this machine, as Testcontainers publishes ports, anybody in its network could run programs in here. */
    static void publishOnLoopback(CreateContainerCmd create) {
        HostConfig host = create.getHostConfig();
        if (host == null || host.getPortBindings() == null) {
            return;
        }
        Ports published = new Ports();
        host.getPortBindings().getBindings().forEach((port, bindings) -> {
            for (Ports.Binding binding : bindings) {
                published.bind(port, new Ports.Binding("127.0.0.1", binding.getHostPortSpec()));
            }
        });
        host.withPortBindings(published);
    }

    /** The HTTPS address for programs on this machine: what Azure's SDKs are given. */
    public URI hostEndpoint() {
        return URI.create("https://" + getHost() + ":" + getMappedPort(HTTPS));
    }

    /** The plain HTTP address for programs on this machine: the control API and the page. */
    public URI hostControl() {
        return URI.create("http://" + getHost() + ":" + getMappedPort(HTTP));
    }

    /** The HTTPS address for containers in the same network. */
    public URI networkEndpoint() {
        return URI.create("https://" + NAME);
    }

    /** The plain HTTP address for containers in the same network. */
    public URI networkControl() {
        return URI.create("http://" + NAME);
    }

    /** The emulator as this machine sees it. Its environment is for processes of this machine. */
    public Emulator emulator() {
        Emulator known = emulator;
        if (known == null) {
            known = Emulator.at(hostControl(), hostEndpoint(), hostVariables());
            emulator = known;
        }
        return known;
    }

    /** A control client; the caller closes it. */
    public MalachiteClient client() {
        return MalachiteClient.at(hostControl());
    }

    /** The certificate of the emulator's authority, as PEM. */
    public String certificate() {
        return emulator().certificate();
    }

    /**
     * The variables for a container in the same network. They name {@link #BUNDLE}, which
     * {@link #pointsAt(GenericContainer)} puts there.
     */
    public Map<String, String> networkEnvironment() {
        Map<String, String> variables = new LinkedHashMap<>(emulator().environment());
        variables.putAll(addresses(networkEndpoint(), networkControl()));
        variables.put("REQUESTS_CA_BUNDLE", BUNDLE);
        variables.put("SSL_CERT_FILE", BUNDLE);
        variables.put("AZURE_CONFIG_DIR", "/tmp/malachite-azure-config");
        return variables;
    }

    /**
     * Points a container that has not started yet at this one, which has: the network, the variables, the certificates.
     *
     * @return that container
     */
    public <C extends GenericContainer<?>> C pointsAt(C other) {
        Network network = getNetwork();
        if (network == null) {
            throw new IllegalStateException("Call withNetwork(Network.newNetwork()) before the emulator starts.");
        }
        other.withNetwork(network);
        networkEnvironment().forEach(other::withEnv);
        other.withCopyToContainer(Transferable.of(bundle()), BUNDLE);
        return other;
    }

    @Override
    public void stop() {
        super.stop();
        emulator = null;
        if (files != null) {
            for (String name : List.of("ca-bundle.pem", "azure-config", "")) {
                delete(files.resolve(name));
            }
            files = null;
        }
    }

    /** What the emulator says of paths and ports is true inside the container only. */
    private Map<String, String> hostVariables() {
        Map<String, String> variables = new LinkedHashMap<>(addresses(hostEndpoint(), hostControl()));
        try {
            Path folder = Files.createTempDirectory("malachite-container-");
            files = folder;
            Path bundle = Files.writeString(folder.resolve("ca-bundle.pem"), bundle());
            variables.put("REQUESTS_CA_BUNDLE", bundle.toString());
            variables.put("SSL_CERT_FILE", bundle.toString());
            variables.put(
                    "AZURE_CONFIG_DIR",
                    Files.createDirectory(folder.resolve("azure-config")).toString());
        } catch (IOException e) {
            throw new UncheckedIOException("There is no place for the emulator's certificate", e);
        }
        return variables;
    }

    private static Map<String, String> addresses(URI https, URI http) {
        return Map.of(
                "ARM_CLOUD_METADATA_URL", https + "/metadata/endpoints?api-version=2019-05-01",
                "IDENTITY_ENDPOINT", http + "/msi/token");
    }

    /** What the image trusts, and the emulator; the emulator keeps it for its own jobs. */
    private String bundle() {
        try (MalachiteClient client = client()) {
            String path = client.environment(null).get("REQUESTS_CA_BUNDLE");
            return copyFileFromContainer(path, content -> new String(content.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            file.toFile().deleteOnExit(); // a program keeps something in it
        }
    }
}
