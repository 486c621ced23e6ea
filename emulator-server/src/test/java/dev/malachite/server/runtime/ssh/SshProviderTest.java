package dev.malachite.server.runtime.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.junit.jupiter.api.Test;

class SshProviderTest {

    @Test
    void jobsOfMachinesComeToAnAddressOfTheirOwn() throws IOException {
        assertThat(SshProvider.gateway("127.0.0.1", 10443)).isEqualTo(new SshdSocketAddress("127.0.0.1", 10443));
    }

    /** The address is for documents (RFC 5737), so no machine has it, as macOS has no second one of loopback's. */
    @Test
    void whereThereIsNoneTheyComeToAPortOfTheirOwn() throws IOException {
        SshdSocketAddress gateway = SshProvider.gateway("192.0.2.1", 10443);
        assertThat(gateway.getHostName()).isEqualTo("127.0.0.1");
        assertThat(gateway.getPort()).isNotEqualTo(10443).isPositive();
    }
}
