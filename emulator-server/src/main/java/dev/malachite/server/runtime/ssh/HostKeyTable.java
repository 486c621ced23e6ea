package dev.malachite.server.runtime.ssh;

import dev.malachite.engine.TargetId;
import dev.malachite.server.database.Times;
import java.time.Clock;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Host keys in the database. */
@Component
class HostKeyTable implements HostKeys {

    private final JdbcClient jdbc;
    private final Clock clock;

    HostKeyTable(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Override
    public Optional<String> find(TargetId target) {
        return jdbc.sql("select public_key from host_key where workspace_id = :workspace and target = :target")
                .param("workspace", target.workspace().value())
                .param("target", target.name())
                .query(String.class)
                .optional();
    }

    @Override
    public synchronized void remember(TargetId target, String key) {
        forget(target);
        jdbc.sql("insert into host_key (workspace_id, target, public_key, seen)"
                        + " values (:workspace, :target, :key, :seen)")
                .param("workspace", target.workspace().value())
                .param("target", target.name())
                .param("key", key)
                .param("seen", Times.column(clock.instant()))
                .update();
    }

    @Override
    public boolean forget(TargetId target) {
        return jdbc.sql("delete from host_key where workspace_id = :workspace and target = :target")
                        .param("workspace", target.workspace().value())
                        .param("target", target.name())
                        .update()
                > 0;
    }
}
