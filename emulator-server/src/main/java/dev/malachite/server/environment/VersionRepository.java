package dev.malachite.server.environment;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** Finds and keeps versions' rows. */
interface VersionRepository extends Repository<VersionEntity, VersionKey> {

    Optional<VersionEntity> findById(VersionKey key);

    /** The newest version of each of the names. */
    @Query("""
            select v from VersionEntity v
            where v.key.workspaceId = :workspaceId and v.key.name in :names and v.sequence =
                (select max(w.sequence) from VersionEntity w
                 where w.key.workspaceId = v.key.workspaceId and w.key.name = v.key.name)
            """)
    List<VersionEntity> findLatest(String workspaceId, Collection<String> names);

    VersionEntity save(VersionEntity version);

    void delete(VersionEntity row);

    void deleteByKeyWorkspaceIdAndKeyName(String workspaceId, String name);
}
