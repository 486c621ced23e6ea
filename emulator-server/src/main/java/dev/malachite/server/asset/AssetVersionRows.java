package dev.malachite.server.asset;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** Finds and keeps versions' rows. */
interface AssetVersionRows extends Repository<AssetVersionRow, AssetVersionKey> {

    Optional<AssetVersionRow> findById(AssetVersionKey key);

    /** The newest version of each of the names; an archived one only where all are. */
    @Query("""
            select v from AssetVersionRow v
            where v.key.workspaceId = :workspaceId and v.key.kind = :kind and v.key.name in :names
                and v.sequence = coalesce(
                    (select max(a.sequence) from AssetVersionRow a
                     where a.key.workspaceId = v.key.workspaceId and a.key.kind = v.key.kind
                         and a.key.name = v.key.name and a.archived = false),
                    (select max(w.sequence) from AssetVersionRow w
                     where w.key.workspaceId = v.key.workspaceId and w.key.kind = v.key.kind
                         and w.key.name = v.key.name))
            """)
    List<AssetVersionRow> findLatest(String workspaceId, String kind, Collection<String> names);

    AssetVersionRow save(AssetVersionRow row);

    void delete(AssetVersionRow row);

    void deleteByKeyWorkspaceIdAndKeyKindAndKeyName(String workspaceId, String kind, String name);
}
