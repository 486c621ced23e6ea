package dev.malachite.server.compute;

import dev.malachite.engine.ComputeKind;
import dev.malachite.engine.Target;
import dev.malachite.engine.TargetId;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.runtime.InstanceRuntime;
import dev.malachite.server.runtime.MachineLogin;
import dev.malachite.server.runtime.Runtimes;
import dev.malachite.server.runtime.ssh.SshMachine;
import dev.malachite.server.runtime.ssh.SshMachines;
import dev.malachite.server.web.Json;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** The machines behind virtual machines: attached ones with what they were attached with, and those that were made here. */
@Component
class VirtualMachines implements SshMachines {

    private static final Logger LOG = LoggerFactory.getLogger(VirtualMachines.class);

    private final ObjectProvider<ControlLoop> loop;
    private final ComputeKeys keys;
    private final MadeMachines made;
    private final Runtimes runtimes;

    VirtualMachines(ObjectProvider<ControlLoop> loop, ComputeKeys keys, MadeMachines made, Runtimes runtimes) {
        this.made = made;
        this.runtimes = runtimes;
        this.loop = loop;
        this.keys = keys;
    }

    @Override
    public Optional<SshMachine> find(TargetId id) {
        return loop.getObject().state().target(id).flatMap(this::machine);
    }

    private Optional<SshMachine> machine(Target target) {
        Optional<MachineLogin> login = made.login(target);
        return login.isPresent() ? made(target, login.get()) : attached(target);
    }

    /** While it runs. */
    private Optional<SshMachine> made(Target target, MachineLogin login) {
        try {
            Optional<InstanceRuntime> runtime = runtimes.of(target.runtime()).instances();
            return runtime.isEmpty()
                    ? Optional.empty()
                    : runtime.get()
                            .ssh(target.id())
                            .map(door -> new SshMachine(
                                    target.displayName(),
                                    door.getHostString(),
                                    door.getPort(),
                                    login.user(),
                                    login.password(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.of(Long.toString(target.createdOn().toEpochMilli()))));
        } catch (IOException e) {
            LOG.debug("the machine of {} is not found: {}", target.id(), e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<SshMachine> attached(Target target) {
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
                said(account, "passphrase"),
                Optional.empty()));
    }

    private static Optional<String> said(ObjectNode account, String name) {
        return Json.string(account, name).filter(text -> !text.isEmpty());
    }
}
