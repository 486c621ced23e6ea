package dev.malachite.server.control;

import dev.malachite.engine.State;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.blob.BlobStore;
import dev.malachite.server.event.EventLog;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.run.Runs;
import dev.malachite.server.snapshot.WorkspaceFiles;
import dev.malachite.server.workspace.WorkspaceRemoval;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Forgets what a deleted workspace kept, once the last of its nodes is gone and nothing writes to it any more. What a
 * crash has kept it from is made up for after the next start.
 */
@Component
@Order(Ordered.LOWEST_PRECEDENCE)
class WorkspaceCleanup implements WorkspaceRemoval {

    private static final Logger LOG = LoggerFactory.getLogger(WorkspaceCleanup.class);

    /** In the order of removal: of some, which have few rows, is asked what a crash has left. */
    private static final List<String> TABLES = List.of(
            "step_result",
            "model_alias",
            "logged_model",
            "run_model",
            "run_dataset",
            "run_param",
            "metric_last",
            "metric_point",
            "metric",
            "run_definition",
            "run_status",
            "run",
            "asset_version",
            "model_asset",
            "dataset_version",
            "dataset",
            "saved_dataset",
            "secret",
            "registry_login",
            "asset",
            "code_asset",
            "environment_version",
            "environment",
            "experiment");

    private final ControlLoop loop;
    private final EventLog events;
    private final JdbcClient jdbc;
    private final BlobStore blobs;
    private final WorkspaceFiles files;
    private final Runs runs;

    WorkspaceCleanup(
            ControlLoop loop, EventLog events, JdbcClient jdbc, BlobStore blobs, WorkspaceFiles files, Runs runs) {
        this.runs = runs;
        this.loop = loop;
        this.events = events;
        this.jdbc = jdbc;
        this.blobs = blobs;
        this.files = files;
    }

    @Override
    public void removed(WorkspaceId id) {
        Thread.ofVirtual().name("cleanup-" + id).start(() -> forgetAll(List.of(id)));
    }

    /** Nobody waits for it: what belongs to no workspace is seen by none. */
    @EventListener(ApplicationReadyEvent.class)
    void started() {
        Thread.ofVirtual().name("cleanup").start(() -> forgetAll(abandoned()));
    }

    private void forgetAll(Collection<WorkspaceId> ids) {
        for (WorkspaceId id : ids) {
            try {
                awaitQuiet(id);
                runs.settle(); // what is still to be written of them would meet their removal
                forget(id);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (IOException | RuntimeException e) {
                LOG.warn("what workspace {} kept could not all be removed: {}", id, e.getMessage());
            }
        }
    }

    private Set<WorkspaceId> abandoned() {
        try {
            Set<WorkspaceId> owners = new HashSet<>(blobs.owners());
            owners.addAll(ids("select workspace_id from code_container union select workspace_id from environment"
                    + " union select workspace_id from asset union select workspace_id from secret"
                    + " union select workspace_id from experiment"));
            // Asked for after the owners: whatever is kept for a workspace came after the workspace.
            owners.removeAll(Set.copyOf(ids("select id from workspace")));
            return owners;
        } catch (IOException | RuntimeException e) {
            LOG.warn("whether deleted workspaces have left something could not be seen: {}", e.getMessage());
            return Set.of();
        }
    }

    private List<WorkspaceId> ids(String sql) {
        return jdbc.sql(sql).query(String.class).list().stream()
                .map(WorkspaceId::new)
                .toList();
    }

    private void awaitQuiet(WorkspaceId id) throws InterruptedException {
        Semaphore happened = new Semaphore(1);
        EventLog.Listening listening = events.listen(entry -> happened.release());
        try {
            do {
                happened.acquire();
                happened.drainPermits();
            } while (isBusy(loop.state(), id));
        } finally {
            listening.close();
        }
    }

    private static boolean isBusy(State state, WorkspaceId id) {
        return state.targets().stream()
                        .anyMatch(target -> target.id().workspace().equals(id))
                || state.parents().stream()
                        .anyMatch(parent -> parent.id().workspace().equals(id));
    }

    /** Rows come last, by which a removal that was cut short is found again. */
    private void forget(WorkspaceId id) throws IOException {
        files.remove(id);
        for (String table : TABLES) {
            jdbc.sql("delete from " + table + " where workspace_id = :id")
                    .param("id", id.value())
                    .update();
        }
    }
}
