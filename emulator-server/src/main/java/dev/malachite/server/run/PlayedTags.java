package dev.malachite.server.run;

import dev.malachite.engine.JobId;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.database.Attributes;
import dev.malachite.server.database.Gathering;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;

/**
 * The tags of runs that are played. On a thousand nodes as many jobs begin at once, so what is said of the playing is kept in
 * memory from the submission on; the rest, and what came before the last start, is read many at a time.
 */
@Component
class PlayedTags {

    /** Of 100 bytes each or so. */
    private static final int MOST_KEPT = 131_072;

    /** What a tag that says how a job is played begins with. */
    private static final String PLAYED = "malachite.";

    /** Statements of few lengths, so that the database knows them. */
    private static final int[] LENGTHS = {1, 8, 64};

    private final JdbcOperations jdbc;

    /** Guarded by itself; the oldest go first. */
    private final Map<JobId, Attributes> kept = new LinkedHashMap<>();

    /** What was kept last: of many jobs most have the same. */
    private Attributes last = Attributes.NONE;

    private final Gathering<JobId, Attributes> asked = new Gathering<>(LENGTHS[LENGTHS.length - 1], this::read);

    PlayedTags(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** Empty for a run that was not submitted, or that runs a script. */
    Optional<Attributes> of(JobId job) {
        Attributes known;
        synchronized (kept) {
            known = kept.get(job);
        }
        return known == null ? asked.get(job) : Optional.of(known);
    }

    /** A run is submitted; should that come to nothing, whoever takes its name is kept in its place. */
    void born(RunSeed seed) {
        synchronized (kept) {
            if (!seed.script().isEmpty() || seed.tags().keySet().stream().noneMatch(tag -> tag.startsWith(PLAYED))) {
                kept.remove(seed.id());
                return;
            }
            if (!last.values().equals(seed.tags())) {
                last = new Attributes(new HashMap<>(seed.tags()));
            }
            kept.put(seed.id(), last);
            if (kept.size() > MOST_KEPT) {
                kept.remove(kept.keySet().iterator().next());
            }
        }
    }

    /** It was changed or has ended: what holds now is in its row. */
    void forget(JobId job) {
        synchronized (kept) {
            kept.remove(job);
        }
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
