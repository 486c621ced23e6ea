package dev.malachite.server.secret;

import dev.malachite.api.Errors;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.database.Transactions;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.runtime.RegistryLogin;
import dev.malachite.server.runtime.RegistryLogins;
import dev.malachite.server.seal.Seal;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.Locale;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a workspace signs in at registries of images: taken out of the environments that bring it
 * ({@code docker.base_image_registry} of azureml-core), kept sealed, and opened for a pull alone. Of several logins for one
 * registry the last one counts.
 */
@Component
public class WorkspaceRegistries implements RegistryLogins {

    private static final int LONGEST = 4_000;
    private static final int LONGEST_ADDRESS = 255;

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final Seal seal;

    WorkspaceRegistries(JdbcClient jdbc, Transactions transactions, Seal seal) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.seal = seal;
    }

    /** Keeps the login that a v1 environment brings, if it brings one; from then on the environment has no password. */
    public void takeFrom(WorkspaceId workspace, ObjectNode environment) {
        ObjectNode registry = Json.objectAt(Json.objectAt(environment, "docker"), "baseImageRegistry");
        Optional<String> password = Json.string(registry, "password").filter(text -> !text.isEmpty());
        if (password.isEmpty()) {
            return;
        }
        String address = Json.string(registry, "address")
                .map(WorkspaceRegistries::canonical)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> new AzureException(Errors.userError(
                        "docker.baseImageRegistry has a password and no address: which registry is it for?")));
        String username = Json.string(registry, "username").orElse("");
        if (address.length() > LONGEST_ADDRESS
                || username.length() + password.get().length() > LONGEST) {
            throw new AzureException(Errors.tooLarge("docker.baseImageRegistry", LONGEST));
        }
        ObjectNode login = Json.object().put("username", username).put("password", password.get());
        String sealed = seal.close(Json.text(login), id(workspace, address));
        transactions.write(() -> replace(workspace, address, sealed));
        for (String name : registry.propertyNames().stream().toList()) {
            if (name.equalsIgnoreCase("password")) {
                registry.putNull(name);
            }
        }
    }

    private int replace(WorkspaceId workspace, String registry, String sealed) {
        jdbc.sql("delete from registry_login where workspace_id = :workspace and registry = :registry")
                .param("workspace", workspace.value())
                .param("registry", registry)
                .update();
        return jdbc.sql(
                        "insert into registry_login (workspace_id, registry, sealed) values (:workspace, :registry, :sealed)")
                .param("workspace", workspace.value())
                .param("registry", registry)
                .param("sealed", sealed)
                .update();
    }

    /** The image as this workspace may pull it: with the login for its registry, where there is one. */
    public ImageDefinition withLogin(WorkspaceId workspace, ImageDefinition image) {
        int slash = image.baseImage().indexOf('/');
        String registry = slash < 0 ? "" : canonical(image.baseImage().substring(0, slash));
        return sealed(workspace.value(), registry).isPresent() ? image.withLogin(id(workspace, registry)) : image;
    }

    @Override
    public Optional<RegistryLogin> open(String id) {
        int slash = id.indexOf('/');
        String registry = id.substring(slash + 1);
        return sealed(id.substring(0, slash), registry)
                .map(text -> Json.parse(seal.open(text, id)))
                .map(login -> new RegistryLogin(
                        registry,
                        login.path("username").stringValue(),
                        login.path("password").stringValue()));
    }

    private Optional<String> sealed(String workspace, String registry) {
        return jdbc.sql("select sealed from registry_login where workspace_id = :workspace and registry = :registry")
                .param("workspace", workspace)
                .param("registry", registry)
                .query(String.class)
                .optional();
    }

    private static String id(WorkspaceId workspace, String registry) {
        return workspace.value() + "/" + registry;
    }

    private static String canonical(String address) {
        return address.strip()
                .toLowerCase(Locale.ROOT)
                .replaceFirst("^https?://", "")
                .replaceFirst("/+$", "");
    }
}
