package dev.malachite.server.control;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.blob.BlobStore;
import dev.malachite.server.blob.Containers;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.loop.EventLog;
import dev.malachite.server.workspace.WorkspaceRemoval;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Forgets what a deleted workspace kept, once the last of its nodes is gone and nothing writes to it any more. */
@Component
@Order(Ordered.LOWEST_PRECEDENCE)
class WorkspaceCleanup implements WorkspaceRemoval {

    private static final Logger LOG = LoggerFactory.getLogger(WorkspaceCleanup.class);

    private static final List<String> TABLES = List.of(
            "metric_point",
            "metric",
            "run_definition",
            "run",
            "experiment",
            "environment_version",
            "environment",
            "code_version",
            "code_container");

    private final ControlLoop loop;
    private final EventLog events;
    private final JdbcClient jdbc;
    private final BlobStore blobs;

    WorkspaceCleanup(ControlLoop loop, EventLog events, JdbcClient jdbc, BlobStore blobs) {
        this.loop = loop;
        this.events = events;
        this.jdbc = jdbc;
        this.blobs = blobs;
    }

    @Override
    public void removed(WorkspaceId id) {
        Thread.ofVirtual().name("cleanup-" + id).start(() -> {
            try {
                awaitQuiet(id);
                forget(id);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException | RuntimeException e) {
                LOG.warn("what workspace {} kept could not all be removed: {}", id, e.getMessage());
            }
        });
    }

    private void awaitQuiet(WorkspaceId id) throws InterruptedException {
        Semaphore happened = new Semaphore(1);
        EventLog.Listening listening = events.listen(entry -> happened.release());
        try {
            do {
                happened.acquire();
                happened.drainPermits();
            } while (loop.state().targets().stream()
                    .anyMatch(target -> target.id().workspace().equals(id)));
        } finally {
            listening.close();
        }
    }

    private void forget(WorkspaceId id) throws IOException {
        for (String table : TABLES) {
            jdbc.sql("delete from " + table + " where workspace_id = :id")
                    .param("id", id.value())
                    .update();
        }
        jdbc.sql("delete from job where workspace_id = :id and not live")
                .param("id", id.value())
                .update();
        for (String container : List.of(Containers.artifacts(id), Containers.datastore(id), Containers.snapshots(id))) {
            blobs.removeContainer(container);
        }
    }
}
