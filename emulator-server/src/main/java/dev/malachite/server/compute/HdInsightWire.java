package dev.malachite.server.compute;

import dev.malachite.engine.ComputeKind.External.Service;
import dev.malachite.engine.Target;
import dev.malachite.server.resource.ArmId;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** HDInsight clusters: attached by their ARM id or by the address of their head node, with an account for SSH. */
@Component
class HdInsightWire extends ExternalWire {

    private final ComputeKeys keys;

    HdInsightWire(Attachments attachments, ComputeKeys keys) {
        super(attachments, Service.HDINSIGHT, List.of("Microsoft.HDInsight/clusters"));
        this.keys = keys;
    }

    @Override
    boolean attaches(Optional<ArmId> id, ObjectNode inner) {
        return id.isPresent() || SshAccount.address(inner).isPresent();
    }

    @Override
    void check(ObjectNode inner) {
        SshAccount.port(inner);
        SshAccount.user(inner);
    }

    @Override
    public List<String> secrets() {
        return SshAccount.SECRETS;
    }

    @Override
    public void settings(ObjectNode inner, Target target) {
        inner.put("address", SshAccount.address(inner).orElse(null));
        inner.put("sshPort", SshAccount.port(inner));
    }

    @Override
    public ObjectNode keys(Target target) {
        return keys.of(target).put("computeType", type());
    }
}
