package dev.malachite.server.compute;

import dev.malachite.engine.ComputeKind;
import dev.malachite.engine.Target;
import dev.malachite.engine.TargetId;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.runtime.ssh.SshMachine;
import dev.malachite.server.runtime.ssh.SshMachines;
import dev.malachite.server.web.Json;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** The machines behind attached virtual machines, with what they were attached with. */
@Component
class AttachedMachines implements SshMachines {

    private final ObjectProvider<ControlLoop> loop;
    private final ComputeKeys keys;

    AttachedMachines(ObjectProvider<ControlLoop> loop, ComputeKeys keys) {
        this.loop = loop;
        this.keys = keys;
    }

    @Override
    public Optional<SshMachine> find(TargetId id) {
        return loop.getObject().state().target(id).flatMap(this::machine);
    }

    private Optional<SshMachine> machine(Target target) {
        if (!(target.kind() instanceof ComputeKind.VirtualMachine machine)
                || machine.address().isEmpty()
                || machine.user().isEmpty()) {
            return Optional.empty();
        }
        ObjectNode account = Json.objectAt(keys.of(target), "administratorAccount");
        return Optional.of(new SshMachine(
                target.displayName(),
                machine.address().get(),
                machine.sshPort(),
                machine.user().get(),
                said(account, "password"),
                said(account, "privateKeyData"),
                said(account, "passphrase")));
    }

    private static Optional<String> said(ObjectNode account, String name) {
        return Json.string(account, name).filter(text -> !text.isEmpty());
    }
}
