package dev.malachite.server.artifact;

import dev.malachite.engine.WorkspaceId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * The files of a run (origin {@code ExperimentRun}, container {@code dcid.<run id>}): what it printed, what it left in
 * {@code outputs/} and {@code logs/}, what it uploaded. The same bytes are seen as blobs of the workspace's container.
 */
public interface Artifacts {

    /** Where a log that grows lives, so that a runtime can append to it; its folders are made. */
    Path logFile(WorkspaceId workspace, String runId, String path) throws IOException;

    /** Where a log will live if it comes to have a first line; who writes that makes its folders. */
    Path logPlace(WorkspaceId workspace, String runId, String path) throws IOException;

    /** Files a log away under another name, so that a new one may begin in its place. */
    void setAside(WorkspaceId workspace, String runId, String log, String as) throws IOException;

    /** Has all files of a run where clients look for them: nothing is appended to its logs any more. */
    void settle(WorkspaceId workspace, String runId);

    /** Keeps one file; an existing one is replaced. Refuses paths that leave the run's folder. */
    void keep(WorkspaceId workspace, String runId, String path, InputStream content) throws IOException;

    /** Removes all files of a run. */
    void removeAll(WorkspaceId workspace, String runId) throws IOException;

    /** Paths of the run's files that begin with {@code prefix}, sorted. */
    List<String> list(WorkspaceId workspace, String runId, String prefix);

    /** A URL with a SAS, made for the caller of this request, that reads the file with a plain GET. */
    String readUrl(WorkspaceId workspace, String runId, String path);
}
