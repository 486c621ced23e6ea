package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.engine.ComputeKind;
import dev.malachite.engine.State;
import dev.malachite.engine.Target;
import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.resource.ArmId;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Virtual machines: attached by address or by ARM id, or made with their target, as data science virtual machines were. */
@Component
class VirtualMachineWire implements WireKind {

    private static final List<String> RESOURCES = List.of("Microsoft.Compute/virtualMachines");

    private final Attachments attachments;
    private final MadeMachines made;
    private final ComputeKeys keys;

    VirtualMachineWire(Attachments attachments, MadeMachines made, ComputeKeys keys) {
        this.attachments = attachments;
        this.made = made;
        this.keys = keys;
    }

    @Override
    public String type() {
        return "VirtualMachine";
    }

    @Override
    public boolean covers(ComputeKind kind) {
        return kind instanceof ComputeKind.VirtualMachine || kind instanceof ComputeKind.MadeMachine;
    }

    @Override
    public ComputeKind read(Workspace workspace, ObjectNode resource) {
        ObjectNode inner = Json.objectAt(Json.objectAt(resource, "properties"), "properties");
        int port = SshAccount.port(inner);
        if (!isAttached(resource)) {
            return made.read(inner, workspace.location());
        }
        Optional<ArmId> id = attachments.named(resource, RESOURCES);
        ObjectNode declared = attachments.declared(id.map(ArmId::text));
        requireUbuntu(declared);
        return new ComputeKind.VirtualMachine(
                true,
                id.map(ArmId::text),
                SshAccount.address(inner).or(() -> SshAccount.address(declared)),
                port,
                Optional.of(SshAccount.user(inner)));
    }

    /** One that is somewhere already is attached, any other is made. */
    private boolean isAttached(ObjectNode resource) {
        return attachments.named(resource, RESOURCES).isPresent()
                || SshAccount.address(ComputeReader.inner(resource)).isPresent();
    }

    @Override
    public void complete(ObjectNode resource, Optional<Target> known, CallerIdentity caller) {
        if (!isAttached(resource)) {
            made.complete(ComputeReader.required(ComputeReader.required(resource, "properties"), "properties"));
        }
    }

    /** Document 001: "Azure Machine Learning only supports virtual machines that run Ubuntu". */
    private static void requireUbuntu(ObjectNode declared) {
        ObjectNode storage = Json.objectAt(declared, "storageProfile");
        boolean windows = Json.string(Json.objectAt(storage, "osDisk"), "osType")
                .filter("Windows"::equalsIgnoreCase)
                .isPresent();
        JsonNode image = Json.member(storage, "imageReference");
        boolean other = Json.string(image, "offer").isPresent()
                && !image.toString().toLowerCase(Locale.ROOT).contains("ubuntu");
        if (windows || other) {
            throw new AzureException(
                    Errors.userError("Azure Machine Learning only supports virtual machines that run Ubuntu."));
        }
    }

    @Override
    public List<String> secrets() {
        return SshAccount.SECRETS;
    }

    @Override
    public boolean attached(Target target) {
        return target.kind() instanceof ComputeKind.VirtualMachine machine && machine.attached();
    }

    @Override
    public void settings(ObjectNode inner, Target target) {
        if (target.kind() instanceof ComputeKind.MadeMachine machine) {
            made.settings(inner, machine);
        } else if (target.kind() instanceof ComputeKind.VirtualMachine machine) {
            settings(inner, machine);
        }
    }

    private void settings(ObjectNode inner, ComputeKind.VirtualMachine machine) {
        inner.put("address", machine.address().orElse(null));
        inner.put("sshPort", machine.sshPort());
        String size = Json.string(inner, "virtualMachineSize")
                .filter(text -> !text.isBlank())
                .or(() -> Json.string(
                        Json.objectAt(attachments.declared(machine.resource()), "hardwareProfile"), "vmSize"))
                .orElse(null);
        inner.put("virtualMachineSize", size);
    }

    @Override
    public void live(ObjectNode inner, Target target, State state) {
        made.live(inner, target, state);
    }

    @Override
    public String provisioning(Target target, State state) {
        return target.instance()
                ? ComputeInstanceWire.provisioned(target, state)
                : WireKind.super.provisioning(target, state);
    }

    @Override
    public ObjectNode keys(Target target) {
        ObjectNode known = keys.of(target);
        if (known.isEmpty()) {
            throw new AzureException(Errors.userError(
                    "Compute '%s' has no keys: an earlier version of the emulator made no machine for it. Delete it and make it anew."
                            .formatted(target.displayName())));
        }
        return known.put("computeType", type());
    }
}
