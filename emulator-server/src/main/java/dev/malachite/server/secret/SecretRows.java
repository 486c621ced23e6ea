package dev.malachite.server.secret;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Pageable;
import org.springframework.data.repository.Repository;

/** Finds and keeps secrets' rows. */
interface SecretRows extends Repository<SecretRow, SecretRow.Key> {

    Optional<SecretRow> findById(SecretRow.Key key);

    List<SecretRow> findByKeyWorkspaceIdOrderByKeyNameAsc(String workspaceId, Pageable page);

    long countByKeyWorkspaceId(String workspaceId);

    SecretRow save(SecretRow row);

    void delete(SecretRow row);
}
