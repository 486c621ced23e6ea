package dev.malachite.server.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.DeviceRequest;
import dev.malachite.engine.NodeId;
import dev.malachite.engine.TargetId;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.runtime.LogLimit;
import dev.malachite.server.runtime.NodeSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContainersTest {

    @Test
    void aNodeOfASizeWithGpusGetsThoseOfTheHostWhereItHasSome() {
        assertThat(requests(2, true))
                .containsExactly(new DeviceRequest().withCount(-1).withCapabilities(List.of(List.of("gpu"))));
        assertThat(requests(2, false)).isNull();
        assertThat(requests(0, true)).isNull();
    }

    private static List<DeviceRequest> requests(int wanted, boolean there) {
        NodeSpec node = new NodeSpec(
                new NodeId("tvm-1"), new TargetId(new WorkspaceId("w"), "gpu"), 0, 1, "image", 6, 1024, wanted);
        return Containers.limits(node, LogLimit.mib(1), 2, there).getDeviceRequests();
    }
}
