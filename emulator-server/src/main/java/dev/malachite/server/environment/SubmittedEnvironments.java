package dev.malachite.server.environment;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.environment.EnvironmentView.Dialect;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import tools.jackson.databind.node.ObjectNode;

/**
 * Registers the environments that come along with runs of the v1 SDK, as the service does: {@code Run.get_environment}
 * looks for them by name and version.
 */
@Service
public class SubmittedEnvironments {

    private static final Logger LOG = LoggerFactory.getLogger(SubmittedEnvironments.class);

    private static final int KNOWN = 1_000;

    private final Environments environments;

    /** What was registered before, so that a thousand runs in the same environment ask the database once. */
    private final Map<Key, String> versions = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, String> eldest) {
            return size() > KNOWN;
        }
    };

    private record Key(WorkspaceId workspace, String name, String hash) {}

    SubmittedEnvironments(Environments environments) {
        this.environments = environments;
    }

    /** Registers what has a name and no version yet, and writes the version into the configuration. */
    public void register(WorkspaceId workspace, ObjectNode configuration, String by) {
        if (!(Json.member(configuration, "environment") instanceof ObjectNode environment)
                || Json.string(environment, "version").isPresent()) {
            return;
        }
        Json.string(environment, "name")
                .flatMap(name -> version(workspace, name, environment, by))
                .ifPresent(version -> environment.put("version", version));
    }

    private Optional<String> version(WorkspaceId workspace, String name, ObjectNode environment, String by) {
        Key key = new Key(workspace, name, EnvironmentRules.contentHash(Dialect.V1, environment));
        synchronized (versions) {
            String known = versions.get(key);
            if (known != null) {
                return Optional.of(known);
            }
        }
        try {
            String version = environments
                    .register(workspace, name, null, environment, by)
                    .version();
            synchronized (versions) {
                versions.put(key, version);
            }
            return Optional.of(version);
        } catch (AzureException e) {
            // Its name cannot be registered, or it has too many versions: the run does not need it to be.
            LOG.debug(
                    "the environment '{}' of a run is not registered: {}",
                    name,
                    e.error().message());
            return Optional.empty();
        }
    }
}
