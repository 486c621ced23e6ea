package dev.malachite.server.run;

import dev.malachite.engine.JobId;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.database.Attributes;
import dev.malachite.server.database.Gathering;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;

/** The tags of runs that are played, read many at a time: on a thousand nodes as many jobs begin at once. */
@Component
class PlayedTags {

    /** Statements of few lengths, so that the database knows them. */
    private static final int[] LENGTHS = {1, 8, 64};

    private final JdbcOperations jdbc;
    private final Gathering<JobId, Attributes> asked = new Gathering<>(LENGTHS[LENGTHS.length - 1], this::read);

    PlayedTags(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** Empty for a run that was not submitted, or that runs a script. */
    Optional<Attributes> of(JobId job) {
        return asked.get(job);
    }

    private Map<JobId, Attributes> read(List<JobId> jobs) {
        List<Object> keys = new ArrayList<>();
        for (int i = 0; i < length(jobs.size()); i++) {
            JobId job = jobs.get(Math.min(i, jobs.size() - 1));
            keys.add(job.workspace().value());
            keys.add(job.run());
        }
        Map<JobId, Attributes> found = new HashMap<>();
        Map<String, Attributes> read = new HashMap<>();
        jdbc.query(
                "select workspace_id, run_id, tags from run where (workspace_id, run_id) in ("
                        + String.join(", ", Collections.nCopies(keys.size() / 2, "(?, ?)"))
                        + ") and executed and script = ''",
                row -> {
                    found.put(
                            new JobId(new WorkspaceId(row.getString(1)), row.getString(2)),
                            read.computeIfAbsent(row.getString(3), Attributes::parse));
                },
                keys.toArray());
        return found;
    }

    private static int length(int asked) {
        for (int length : LENGTHS) {
            if (asked <= length) {
                return length;
            }
        }
        throw new IllegalArgumentException("more than are gathered: " + asked);
    }
}
