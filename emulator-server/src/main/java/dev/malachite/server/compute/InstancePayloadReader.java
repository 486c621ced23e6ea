package dev.malachite.server.compute;

import dev.malachite.engine.Target;
import dev.malachite.engine.TargetId;
import dev.malachite.engine.VmSize;
import dev.malachite.server.blob.Blob;
import dev.malachite.server.blob.BlobAddress;
import dev.malachite.server.blob.BlobStore;
import dev.malachite.server.blob.DataFolder;
import dev.malachite.server.cloud.MachineVariables;
import dev.malachite.server.datastore.Datastores;
import dev.malachite.server.identity.InstanceIdentity;
import dev.malachite.server.identity.InstanceTokens;
import dev.malachite.server.loop.InstancePayloads;
import dev.malachite.server.machine.Machines.Person;
import dev.malachite.server.runtime.InstanceRuntime;
import dev.malachite.server.runtime.InstanceSpec;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.tls.Certificates;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.Workspaces;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Puts together what the machine of a compute instance needs, from the resource as it was received. */
@Component
class InstancePayloadReader implements InstancePayloads {

    private static final long MAX_SCRIPT = 10L << 20;
    private static final String LOG = "setup.log";

    /** Every start adds to it. */
    private static final long FULL_LOG = 8L << 20;

    private final Workspaces workspaces;
    private final Certificates certificates;
    private final Datastores datastores;
    private final BlobStore blobs;
    private final DataFolder data;
    private final InstanceTokens tokens;
    private final MadeMachines made;

    InstancePayloadReader(
            Workspaces workspaces,
            Certificates certificates,
            Datastores datastores,
            BlobStore blobs,
            DataFolder data,
            InstanceTokens tokens,
            MadeMachines made) {
        this.made = made;
        this.tokens = tokens;
        this.workspaces = workspaces;
        this.certificates = certificates;
        this.datastores = datastores;
        this.blobs = blobs;
        this.data = data;
    }

    @Override
    public InstanceSpec spec(Target target, NodeRuntime runtime) throws IOException {
        return target.workplace() ? workplace(target, runtime) : machine(target);
    }

    /** With nothing of its workspace in it: jobs bring what they need. */
    private InstanceSpec machine(Target target) {
        VmSize size = target.size();
        return new InstanceSpec(
                target.id(),
                target.displayName(),
                size.vCpus(),
                size.memoryMib(),
                Optional.empty(),
                Map.of(),
                Map.of(),
                certificates.authorityPem(),
                "",
                made.login(target));
    }

    private InstanceSpec workplace(Target target, NodeRuntime runtime) throws IOException {
        Workspace workspace = workspace(target);
        ObjectNode ssh = Json.objectAt(ComputeReader.inner(target), "sshSettings");
        Optional<String> key = Json.string(ssh, "sshPublicAccess")
                .filter("Enabled"::equalsIgnoreCase)
                .flatMap(enabled -> Json.string(ssh, "adminPublicKey"));
        VmSize size = target.size();
        return new InstanceSpec(
                target.id(),
                target.displayName(),
                size.vCpus(),
                size.memoryMib(),
                key,
                environment(target, workspace, runtime),
                Map.of("config.json", config(workspace)),
                certificates.authorityPem(),
                ComputeInstanceWire.path(target) + "/",
                Optional.empty());
    }

    private Map<String, String> environment(Target target, Workspace workspace, NodeRuntime runtime) {
        Person user = InstanceDirectory.user(target);
        String token = tokens.issue(
                new InstanceIdentity(
                        workspace.ref(),
                        workspace.id(),
                        target.id().name(),
                        InstanceDirectory.made(target),
                        user.objectId(),
                        user.name(),
                        InstanceDirectory.tenant(target),
                        InstantSource.system().instant().plus(InstanceTokens.LIFE)),
                "https://ml.azure.com");
        return MachineVariables.of(runtime.emulatorUrl(), workspace.ref().subscription(), token);
    }

    /** What {@code Workspace.from_config()} reads (sdk-v1.md 1.8). */
    private static String config(Workspace workspace) {
        return Json.object()
                .put("subscription_id", workspace.ref().subscription())
                .put("resource_group", workspace.ref().resourceGroup())
                .put("workspace_name", workspace.name())
                .toPrettyString();
    }

    @Override
    public InstanceRuntime.SetupScript script(Target target, boolean creation) throws IOException {
        String member = creation ? SetupScript.CREATION : SetupScript.STARTUP;
        String name = creation ? "creation script" : "startup script";
        SetupScript script = SetupScript.find(ComputeReader.inner(target), member)
                .orElseThrow(() -> new IOException("The %s is not there any more.".formatted(name)));
        if (script.data().isEmpty()) {
            return new InstanceRuntime.SetupScript(
                    name, (script.arguments() + "\n").getBytes(StandardCharsets.UTF_8), "", script.limit());
        }
        byte[] content = switch (script.source()) {
            case INLINE -> SetupScript.decoded(member, script.data().get());
            case WORKSPACE_STORAGE -> stored(target, name, script.data().get());
        };
        return new InstanceRuntime.SetupScript(name, content, script.arguments(), script.limit());
    }

    /** A path in the workspace's storage: we have it all in the default datastore. */
    private byte[] stored(Target target, String name, String path) throws IOException {
        Workspace workspace = workspace(target);
        String container = datastores.container(workspace, datastores.defaultName(workspace));
        Blob blob = blobs.find(new BlobAddress(container, path.replaceFirst("^[./]+", "")))
                .orElseThrow(() -> new IOException(
                        "The %s '%s' was not found in the workspace's default datastore.".formatted(name, path)));
        if (blob.size() > MAX_SCRIPT) {
            throw new IOException("The %s is larger than %d MiB.".formatted(name, MAX_SCRIPT >> 20));
        }
        return Files.readAllBytes(blob.content());
    }

    /** For what comes next; what was too much already goes before that. */
    @Override
    public Path log(TargetId target) throws IOException {
        Path log = Files.createDirectories(folder(target)).resolve(LOG);
        if (Files.exists(log) && Files.size(log) > FULL_LOG) {
            Files.delete(log);
        }
        return log;
    }

    /** The output of its setup scripts so far. */
    Optional<Path> output(TargetId target) {
        return Optional.of(folder(target).resolve(LOG)).filter(Files::exists);
    }

    @Override
    public void forget(TargetId target) throws IOException {
        DataFolder.remove(folder(target));
    }

    private Path folder(TargetId target) {
        return data.folder("instances")
                .resolve(target.workspace().value())
                .resolve(target.name().toLowerCase(Locale.ROOT));
    }

    private Workspace workspace(Target target) throws IOException {
        return workspaces.find(target.id().workspace()).orElseThrow(() -> new IOException("Its workspace is gone."));
    }
}
