package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.engine.ComputeKind;
import dev.malachite.engine.Target;
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

    /** What azureml-core says that it takes when none is given. */
    private static final String SIZE = "Standard_DS3_v2";

    private final Attachments attachments;
    private final ComputeKeys keys;

    VirtualMachineWire(Attachments attachments, ComputeKeys keys) {
        this.attachments = attachments;
        this.keys = keys;
    }

    @Override
    public String type() {
        return "VirtualMachine";
    }

    @Override
    public boolean covers(ComputeKind kind) {
        return kind instanceof ComputeKind.VirtualMachine;
    }

    @Override
    public ComputeKind read(Workspace workspace, ObjectNode resource) {
        ObjectNode inner = Json.objectAt(Json.objectAt(resource, "properties"), "properties");
        Optional<ArmId> id = attachments.named(resource, RESOURCES);
        Optional<String> address = SshAccount.address(inner);
        boolean attached = id.isPresent() || address.isPresent();
        ObjectNode declared = attachments.declared(id.map(ArmId::text));
        requireUbuntu(declared);
        boolean account = attached || Json.member(inner, "administratorAccount").isObject();
        return new ComputeKind.VirtualMachine(
                attached,
                id.map(ArmId::text),
                address.or(() -> SshAccount.address(declared)),
                SshAccount.port(inner),
                account ? Optional.of(SshAccount.user(inner)) : Optional.empty());
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
        return machine(target).attached();
    }

    private static ComputeKind.VirtualMachine machine(Target target) {
        return (ComputeKind.VirtualMachine) target.kind();
    }

    @Override
    public void settings(ObjectNode inner, Target target) {
        ComputeKind.VirtualMachine machine = machine(target);
        inner.put("address", machine.address().orElse(null));
        inner.put("sshPort", machine.sshPort());
        String size = Json.string(inner, "virtualMachineSize")
                .filter(text -> !text.isBlank())
                .or(() -> Json.string(
                        Json.objectAt(attachments.declared(machine.resource()), "hardwareProfile"), "vmSize"))
                .orElse(machine.attached() ? null : SIZE);
        inner.put("virtualMachineSize", size);
    }

    @Override
    public ObjectNode keys(Target target) {
        ObjectNode known = keys.of(target);
        if (known.isEmpty()) {
            throw new AzureException(Errors.userError(
                    "Compute '%s' has no keys: the emulator makes no machine for it. Attach one to have them."
                            .formatted(target.displayName())));
        }
        return known.put("computeType", type());
    }
}
