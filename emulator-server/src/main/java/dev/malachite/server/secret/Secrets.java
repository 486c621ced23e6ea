package dev.malachite.server.secret;

import dev.malachite.api.Errors;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.database.Transactions;
import dev.malachite.server.seal.Seal;
import dev.malachite.server.web.AzureException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.data.domain.PageRequest;
import org.springframework.stereotype.Service;

/** Keeps a workspace's secrets, sealed; what is not asked for by name is never opened. */
@Service
class Secrets {

    /** Azure Key Vault's rules. */
    private static final Pattern NAME = Pattern.compile("[0-9a-zA-Z-]{1,127}");

    private static final int MAX_VALUE = 25_000;
    private static final int MAX_SECRETS = 10_000;

    private final SecretRows rows;
    private final Seal seal;
    private final Transactions transactions;
    private final Clock clock;

    Secrets(SecretRows rows, Seal seal, Transactions transactions, Clock clock) {
        this.rows = rows;
        this.seal = seal;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** A secret; its value is in no text of it. */
    record Secret(String name, String value, Optional<String> contentType, Instant created, Instant modified) {

        @Override
        public String toString() {
            return "Secret[" + name + "]";
        }
    }

    /** Keeps all of them or none. */
    void put(WorkspaceId workspace, List<Secret> secrets) {
        secrets.forEach(Secrets::check);
        transactions.write(() -> {
            for (Secret secret : secrets) {
                SecretRow.Key key = key(workspace, secret.name());
                Optional<SecretRow> there = rows.findById(key);
                if (there.isEmpty() && rows.countByKeyWorkspaceId(workspace.value()) >= MAX_SECRETS) {
                    throw new AzureException(
                            Errors.conflict("A workspace has at most %d secrets.".formatted(MAX_SECRETS)));
                }
                SecretRow row = there.orElseGet(() -> new SecretRow(key, clock.instant()));
                row.put(
                        seal.close(secret.value(), place(key)),
                        secret.contentType().orElse(null),
                        clock.instant());
                rows.save(row);
            }
            return secrets.size();
        });
    }

    Optional<Secret> find(WorkspaceId workspace, String name) {
        return transactions.read(() -> rows.findById(key(workspace, name)).map(this::opened));
    }

    List<String> names(WorkspaceId workspace, int page, int size) {
        return transactions.read(
                () -> rows.findByKeyWorkspaceIdOrderByKeyNameAsc(workspace.value(), PageRequest.of(page, size)).stream()
                        .map(row -> row.key().name())
                        .toList());
    }

    void delete(WorkspaceId workspace, List<String> names) {
        transactions.write(() -> {
            for (String name : names) {
                rows.findById(key(workspace, name)).ifPresent(rows::delete);
            }
            return names.size();
        });
    }

    private Secret opened(SecretRow row) {
        return new Secret(
                row.key().name(),
                seal.open(row.sealed(), place(row.key())),
                row.contentType(),
                row.created(),
                row.modified());
    }

    private static void check(Secret secret) {
        if (!NAME.matcher(secret.name()).matches()) {
            throw new AzureException(
                    Errors.invalidParameter("name", "it has 1 to 127 characters: letters, digits and hyphens."));
        }
        if (secret.value().length() > MAX_VALUE) {
            throw new AzureException(Errors.tooLarge("The secret", MAX_VALUE));
        }
        if (secret.contentType().filter(type -> type.length() > 255).isPresent()) {
            throw new AzureException(Errors.invalidParameter("contentType", "it is longer than 255 characters."));
        }
    }

    private static String place(SecretRow.Key key) {
        return key.workspaceId() + "/" + key.name();
    }

    private static SecretRow.Key key(WorkspaceId workspace, String name) {
        return new SecretRow.Key(workspace.value(), name.toLowerCase(Locale.ROOT));
    }
}
