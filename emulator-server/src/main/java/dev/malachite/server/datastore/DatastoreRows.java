package dev.malachite.server.datastore;

import java.util.List;
import java.util.Optional;
import org.springframework.data.repository.ListCrudRepository;

/** The table of registered datastores. */
interface DatastoreRows extends ListCrudRepository<DatastoreRow, String> {

    Optional<DatastoreRow> findByWorkspaceIdAndNameKey(String workspaceId, String nameKey);

    List<DatastoreRow> findByWorkspaceIdOrderByNameKey(String workspaceId);

    long countByWorkspaceId(String workspaceId);
}
