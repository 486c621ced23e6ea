package dev.malachite.server.compute;

import dev.malachite.engine.Target;
import dev.malachite.engine.TargetId;
import dev.malachite.server.login.NodeAccounts;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.runtime.MachineLogin;
import dev.malachite.server.web.Json;
import java.util.Locale;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who may log in to the nodes of a cluster: the account that it was made with, where its nodes' port is open. Where nothing is
 * said of the port it is open, unless the cluster is in a virtual network (schema {@code RemoteLoginPortPublicAccess}).
 */
@Component
class RemoteLogin implements NodeAccounts {

    private static final String ACCOUNT = "userAccountCredentials";

    private final ObjectProvider<ControlLoop> loop;
    private final ComputeKeys keys;

    RemoteLogin(ObjectProvider<ControlLoop> loop, ComputeKeys keys) {
        this.loop = loop;
        this.keys = keys;
    }

    @Override
    public Optional<MachineLogin> find(TargetId cluster) {
        return loop.getObject().state().target(cluster).flatMap(this::login);
    }

    private Optional<MachineLogin> login(Target target) {
        ObjectNode inner = ComputeReader.inner(target);
        ObjectNode account = Json.objectAt(inner, ACCOUNT);
        Optional<String> password = said(Json.objectAt(keys.of(target), ACCOUNT), "adminUserPassword");
        Optional<String> key = said(account, "adminUserSshPublicKey");
        if (!open(inner) || (password.isEmpty() && key.isEmpty())) {
            return Optional.empty();
        }
        return said(account, "adminUserName").map(user -> new MachineLogin(user, password, key));
    }

    private static boolean open(ObjectNode inner) {
        if (!Json.member(inner, "enableNodePublicIp").asBoolean(true)) {
            return false;
        }
        String access = Json.string(inner, "remoteLoginPortPublicAccess").orElse("NotSpecified");
        return switch (access.toLowerCase(Locale.ROOT)) {
            case "enabled" -> true;
            case "notspecified" -> said(Json.objectAt(inner, "subnet"), "id").isEmpty();
            default -> false;
        };
    }

    private static Optional<String> said(ObjectNode object, String name) {
        return Json.string(object, name).filter(text -> !text.isBlank());
    }
}
