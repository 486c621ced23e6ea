package dev.malachite.server.runtime.ssh;

import dev.malachite.engine.RuntimeKind;
import dev.malachite.server.Settings;
import dev.malachite.server.runtime.ImageMap;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.runtime.RuntimeObserver;
import dev.malachite.server.runtime.RuntimeProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Offers the runtime of attached machines. */
@Component
class SshProvider implements RuntimeProvider {

    /**
     * Where jobs' requests arrive: an address of loopback's that is no client's, so that only run tokens count there. Only
     * Linux has more than one.
     */
    private static final String OWN_LOOPBACK = "127.0.0.2";

    private final Settings settings;
    private final ObjectProvider<SshMachines> machines;
    private final HostKeys keys;

    SshProvider(Settings settings, ObjectProvider<SshMachines> machines, HostKeys keys) {
        this.settings = settings;
        this.machines = machines;
        this.keys = keys;
    }

    @Override
    public RuntimeKind kind() {
        return RuntimeKind.SSH;
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public NodeRuntime open(RuntimeObserver observer) {
        SshConnections connections = new SshConnections(
                target -> machines.orderedStream()
                        .flatMap(known -> known.find(target).stream())
                        .findFirst(),
                keys,
                "curl -X DELETE http://127.0.0.1:" + settings.httpPort() + HostKeyController.PATH + "/%s/%s");
        Optional<String> gateway =
                System.getProperty("os.name").equals("Linux") ? Optional.of(OWN_LOOPBACK) : Optional.empty();
        SshdSocketAddress emulator = new SshdSocketAddress(gateway.orElse("127.0.0.1"), settings.httpsPort());
        try {
            ImageMap map = ImageMap.read(ImageMap.in(settings.data()));
            return new SshRuntime(settings.data(), connections, emulator, gateway, observer, map);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
