package dev.malachite.server.schedule;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.database.Transactions;
import dev.malachite.server.web.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Schedules on disk. */
@Component
class ScheduleRows {

    private final JdbcClient jdbc;
    private final Transactions transactions;

    ScheduleRows(JdbcClient jdbc, Transactions transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    Optional<Schedule> find(WorkspaceId workspace, String name) {
        return jdbc.sql("select * from schedule where workspace_id = :workspace and name = :name")
                .param("workspace", workspace.value())
                .param("name", name)
                .query(ScheduleRows::schedule)
                .optional();
    }

    /** In the order of their names. */
    List<Schedule> list(WorkspaceId workspace, Optional<Boolean> enabled, int skip, int top) {
        return jdbc.sql("""
                        select * from schedule where workspace_id = :workspace and enabled in (:enabled)
                        order by name offset :skip rows fetch next :top rows only""")
                .param("workspace", workspace.value())
                .param("enabled", enabled.map(List::of).orElse(List.of(true, false)))
                .param("skip", skip)
                .param("top", top)
                .query(ScheduleRows::schedule)
                .list();
    }

    int count(WorkspaceId workspace) {
        return jdbc.sql("select count(*) from schedule where workspace_id = :workspace")
                .param("workspace", workspace.value())
                .query(Integer.class)
                .single();
    }

    /** All that are still to come. */
    List<Schedule> due() {
        return jdbc.sql("select * from schedule where enabled = true and next_at is not null")
                .query(ScheduleRows::schedule)
                .list();
    }

    void put(Schedule schedule) {
        transactions.write(() -> replace(schedule));
    }

    private int replace(Schedule schedule) {
        remove(schedule.workspace(), schedule.name());
        return jdbc.sql("""
                        insert into schedule
                            (workspace_id, name, document, enabled, next_at, created, created_by, modified)
                        values (:workspace, :name, :document, :enabled, :next, :created, :by, :modified)""")
                .param("workspace", schedule.workspace().value())
                .param("name", schedule.name())
                .param("document", Json.text(schedule.properties()))
                .param("enabled", schedule.enabled())
                .param("next", schedule.next().map(ScheduleRows::time).orElse(null))
                .param("created", time(schedule.created()))
                .param("by", schedule.createdBy())
                .param("modified", time(schedule.modified()))
                .update();
    }

    boolean remove(WorkspaceId workspace, String name) {
        return jdbc.sql("delete from schedule where workspace_id = :workspace and name = :name")
                        .param("workspace", workspace.value())
                        .param("name", name)
                        .update()
                > 0;
    }

    void removeAll(WorkspaceId workspace) {
        jdbc.sql("delete from schedule where workspace_id = :workspace")
                .param("workspace", workspace.value())
                .update();
    }

    private static Schedule schedule(ResultSet row, int number) throws SQLException {
        return new Schedule(
                new WorkspaceId(row.getString("workspace_id")),
                row.getString("name"),
                Json.parse(row.getString("document")),
                row.getBoolean("enabled"),
                Optional.ofNullable(row.getObject("next_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant),
                row.getObject("created", OffsetDateTime.class).toInstant(),
                row.getString("created_by"),
                row.getObject("modified", OffsetDateTime.class).toInstant());
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
