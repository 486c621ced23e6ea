package dev.malachite.server.runtime.ssh;

import dev.malachite.engine.RuntimeKind;
import dev.malachite.server.Settings;
import dev.malachite.server.runtime.FreePorts;
import dev.malachite.server.runtime.ImageMap;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.runtime.RuntimeObserver;
import dev.malachite.server.runtime.RuntimeProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Offers the runtime of attached machines. */
@Component
class SshProvider implements RuntimeProvider {

    /** Where jobs' requests arrive: an address of loopback's that is no client's, so that only run tokens count there. */
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
        try {
            SshdSocketAddress gateway = gateway(OWN_LOOPBACK, settings.httpsPort());
            ImageMap map = ImageMap.read(ImageMap.in(settings.data()));
            return new SshRuntime(settings.data(), connections, gateway, observer, map);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** That address where this machine has it; macOS has 127.0.0.1 alone, where a port tells jobs from clients. */
    static SshdSocketAddress gateway(String own, int httpsPort) throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getByName(own))) {
            return new SshdSocketAddress(any.getInetAddress().getHostAddress(), httpsPort);
        } catch (BindException e) {
            return new SshdSocketAddress("127.0.0.1", FreePorts.any());
        }
    }
}
