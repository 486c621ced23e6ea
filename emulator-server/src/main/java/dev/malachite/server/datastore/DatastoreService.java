package dev.malachite.server.datastore;

import dev.malachite.api.Errors;
import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.seal.Seal;
import dev.malachite.server.web.Author;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.StorageSuffix;
import dev.malachite.server.workspace.Workspace;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.node.ObjectNode;

/** The datastores of a workspace: the two that it has from the start, and those that users register. */
@Service
class DatastoreService implements Datastores {

    static final String BLOB_STORE = "workspaceblobstore";
    static final String ARTIFACT_STORE = "workspaceartifactstore";

    private static final Pattern NAME = Pattern.compile("^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,254}$");
    private static final int MAX_DOCUMENT = 90_000;

    /** Sealed, and in a column of its own, it takes more than twice as much. */
    private static final int MAX_SECRETS = 24_000;

    private static final int MAX_STORES = 1_000;

    private final DatastoreRows rows;
    private final ObjectProvider<AccountKey> key;
    private final ObjectProvider<ContainerGrants> grants;
    private final Seal seal;
    private final TransactionTemplate transaction;
    private final Clock clock;

    /** One writer at a time: two registrations of one name would meet as a constraint violation in the database. */
    private final ReentrantLock writing = new ReentrantLock();

    DatastoreService(
            DatastoreRows rows,
            ObjectProvider<AccountKey> key,
            ObjectProvider<ContainerGrants> grants,
            Seal seal,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.seal = seal;
        this.rows = rows;
        this.key = key;
        this.grants = grants;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    List<Datastore> list(Workspace workspace) {
        Map<String, Datastore> byName = new TreeMap<>();
        builtIn(workspace).forEach(store -> byName.put(store.name(), store));
        rows.findByWorkspaceIdOrderByNameKey(workspace.id().value()).stream()
                .map(row -> row.toDatastore(seal))
                .forEach(store -> byName.put(DatastoreRow.key(store.name()), store));
        String chosen = byName.values().stream()
                .filter(Datastore::isDefault)
                .map(Datastore::name)
                .findFirst()
                .orElse(BLOB_STORE);
        return byName.values().stream()
                .map(store -> withDefault(store, store.name().equals(chosen)))
                .toList();
    }

    Optional<Datastore> find(Workspace workspace, String name) {
        return list(workspace).stream()
                .filter(store -> store.name().equalsIgnoreCase(name))
                .findFirst();
    }

    Datastore require(Workspace workspace, String name) {
        return find(workspace, name)
                .orElseThrow(() -> new AzureException(
                        Errors.notFound("The datastore '%s' of workspace '%s'".formatted(name, workspace.name()))));
    }

    Datastore defaultOf(Workspace workspace) {
        return list(workspace).stream().filter(Datastore::isDefault).findFirst().orElseThrow();
    }

    @Override
    public String defaultName(Workspace workspace) {
        return defaultOf(workspace).name();
    }

    @Override
    public String container(Workspace workspace, String name) {
        Datastore store = require(workspace, name);
        String account = store.property("accountName").orElse("");
        boolean files = store.type().equalsIgnoreCase("AzureFile");
        if (!(files || store.type().equalsIgnoreCase("AzureBlob"))
                || !account.equalsIgnoreCase(StorageSuffix.ACCOUNT)) {
            throw new AzureException(Errors.userError(
                    "The datastore '%s' (%s in account '%s') cannot be reached from here: jobs read and write blob and file datastores of the account '%s'."
                            .formatted(store.name(), store.type(), account, StorageSuffix.ACCOUNT)));
        }
        return store.property(files ? "fileShareName" : "containerName").orElse("");
    }

    /**
     * The datastore as its caller may see it: a job and a compute instance are let into the container, but never given the
     * account's key. An instance gets one that is the container's: the v2 SDK takes what it is given for a key and signs
     * with it, where it streams a job's log.
     */
    Datastore shown(Datastore store) {
        AccountKey account = key.getIfAvailable();
        CallerIdentity caller = CallerIdentity.current();
        if (account == null || caller.bound().isEmpty()) {
            return store;
        }
        boolean ours = store.secrets().values().stream()
                .anyMatch(secret -> secret.isString() && secret.stringValue().equals(account.base64()));
        if (!ours) {
            return store;
        }
        ObjectNode properties = store.properties().deepCopy();
        ObjectNode secrets = Json.object();
        Optional<String> container = store.property("containerName");
        ContainerGrants granting = grants.getIfAvailable();
        if (container.isPresent() && granting != null && caller.run().isEmpty()) {
            properties.putObject("credentials").put("credentialsType", "AccountKey");
            secrets.put("secretsType", "AccountKey").put("key", granting.key(container.get()));
        } else if (container.isPresent() && granting != null) {
            properties.putObject("credentials").put("credentialsType", "Sas");
            secrets.put("secretsType", "Sas").put("sasToken", granting.grant(container.get()));
        }
        return new Datastore(
                store.name(),
                store.isDefault(),
                store.createdOn(),
                store.modifiedOn(),
                store.createdBy(),
                properties,
                secrets);
    }

    /** The account's key, for people only: what calls from a job or a compute instance has keys of containers. */
    String accountKey() {
        if (CallerIdentity.current().bound().isPresent()) {
            throw new AzureException(Errors.forbidden(
                    "The identity of a job or of a compute instance is not given the storage account's key."));
        }
        return key.getObject().base64();
    }

    /** Registers a datastore, or gives the one of that name a new definition. */
    Datastore put(Workspace workspace, String name, ObjectNode properties, ObjectNode secrets) {
        if (!NAME.matcher(name).matches()) {
            throw new AzureException(Errors.invalidResourceName(name, NAME.pattern()));
        }
        check(properties);
        if (Json.text(properties).length() > MAX_DOCUMENT) {
            throw new AzureException(Errors.tooLarge("The datastore", MAX_DOCUMENT));
        }
        if (Json.text(secrets).length() > MAX_SECRETS) {
            throw new AzureException(Errors.tooLarge("The datastore's credentials", MAX_SECRETS));
        }
        boolean makeDefault = properties.path("isDefault").asBoolean(false);
        write(() -> {
            Optional<DatastoreRow> existing = row(workspace, name);
            if (existing.isPresent()) {
                existing.get().change(properties, secrets, now(), seal);
                rows.save(existing.get());
                return;
            }
            if (rows.countByWorkspaceId(workspace.id().value()) >= MAX_STORES) {
                throw new AzureException(
                        Errors.conflict("A workspace has at most %d datastores.".formatted(MAX_STORES)));
            }
            boolean builtIn =
                    builtIn(workspace).stream().anyMatch(store -> store.name().equalsIgnoreCase(name));
            String kept = builtIn ? DatastoreRow.key(name) : name;
            rows.save(new DatastoreRow(
                    workspace.id(),
                    new Datastore(kept, false, now(), now(), Author.current(), properties, secrets),
                    now(),
                    seal));
        });
        if (makeDefault) {
            setDefault(workspace, name);
        }
        return require(workspace, name);
    }

    void setDefault(Workspace workspace, String name) {
        Datastore wanted = require(workspace, name);
        if (wanted.name().equals(ARTIFACT_STORE)) {
            throw new AzureException(Errors.userError("The artifact store cannot be the default datastore."));
        }
        write(() -> {
            for (DatastoreRow row :
                    rows.findByWorkspaceIdOrderByNameKey(workspace.id().value())) {
                row.makeDefault(row.isCalled(wanted.name()));
                rows.save(row);
            }
        });
    }

    /** Removes a registered datastore; false when there is none. The two of the workspace itself stay. */
    boolean delete(Workspace workspace, String name) {
        Optional<DatastoreRow> row = row(workspace, name);
        if (row.isEmpty() && find(workspace, name).isPresent()) {
            throw new AzureException(Errors.conflict(
                    "The datastore '%s' belongs to the workspace and cannot be deleted.".formatted(name)));
        }
        row.ifPresent(rows::delete);
        return row.isPresent();
    }

    private static void check(ObjectNode properties) {
        if (Json.string(properties, "datastoreType").isEmpty()) {
            throw new AzureException(Errors.userError("'datastoreType' is required."));
        }
    }

    private List<Datastore> builtIn(Workspace workspace) {
        String id = workspace.id().value();
        return List.of(
                builtIn(workspace, ARTIFACT_STORE, "azureml-" + id),
                builtIn(workspace, BLOB_STORE, "azureml-blobstore-" + id));
    }

    /** Not kept, because everything in it follows from the workspace and the account. */
    private Datastore builtIn(Workspace workspace, String name, String container) {
        ObjectNode properties = Json.object()
                .put("datastoreType", "AzureBlob")
                .put("accountName", StorageSuffix.ACCOUNT)
                .put("containerName", container)
                .put("protocol", "https");
        properties.putObject("credentials").put("credentialsType", "AccountKey");
        ObjectNode secrets = Json.object().put("secretsType", "AccountKey");
        AccountKey account = key.getIfAvailable();
        if (account != null) {
            secrets.put("key", account.base64());
        }
        return new Datastore(
                name, false, workspace.createdOn(), workspace.createdOn(), workspace.createdBy(), properties, secrets);
    }

    private static Datastore withDefault(Datastore store, boolean isDefault) {
        return new Datastore(
                store.name(),
                isDefault,
                store.createdOn(),
                store.modifiedOn(),
                store.createdBy(),
                store.properties(),
                store.secrets());
    }

    private Optional<DatastoreRow> row(Workspace workspace, String name) {
        return rows.findByWorkspaceIdAndNameKey(workspace.id().value(), DatastoreRow.key(name));
    }

    private void write(Runnable action) {
        writing.lock();
        try {
            transaction.executeWithoutResult(status -> action.run());
        } finally {
            writing.unlock();
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
