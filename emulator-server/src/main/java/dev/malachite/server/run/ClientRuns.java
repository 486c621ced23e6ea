package dev.malachite.server.run;

import dev.malachite.engine.JobId;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.database.Attributes;
import dev.malachite.server.database.Transactions;
import dev.malachite.server.database.WriteBehind;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.stereotype.Service;

/**
 * Runs as MLflow's clients make and change them: no engine executes them, and their clients say when they began and
 * ended. What a client says about the status of a job's own run changes nothing: that is decided by its exit code.
 */
@Service
public class ClientRuns {

    private final RunRepository repository;
    private final RunWriter writer;
    private final Transactions transactions;
    private final WriteBehind journal;
    private final Clock clock;

    ClientRuns(
            RunRepository repository, RunWriter writer, Transactions transactions, WriteBehind journal, Clock clock) {
        this.repository = repository;
        this.writer = writer;
        this.transactions = transactions;
        this.journal = journal;
        this.clock = clock;
    }

    /**
     * A run that a client begins.
     *
     * @param started as the client's clock says
     */
    public record Beginning(
            String runId,
            String experiment,
            Optional<String> parent,
            String name,
            Optional<String> description,
            Optional<Instant> started,
            Attributes tags,
            String createdBy) {}

    public RunView begin(WorkspaceId workspace, Beginning run) {
        RunLimits.checkId(run.runId());
        run.parent().ifPresent(RunLimits::checkId);
        journal.catchUp(RunWriter.STATUS);
        return transactions.write(() -> {
            Instant now = clock.instant();
            JobId id = new JobId(workspace, run.runId());
            writer.insert(
                    new NewRun(id, run.experiment(), run.parent(), false, RunStatus.RUNNING, run.createdBy()), now);
            RunEntity entity = repository
                    .findLockedByKey(RunKey.of(workspace, run.runId()))
                    .orElseThrow();
            entity.displayName(run.name());
            run.description().ifPresent(entity::description);
            entity.tag(RunLimits.logged(Attributes.NONE, run.tags()));
            Instant started = run.started().orElse(now);
            writer.status(id, RunStatus.RUNNING, started, null, null);
            return entity.view().moved(RunStatus.RUNNING, 0, Optional.of(started), Optional.empty(), Optional.empty());
        });
    }

    /**
     * Moves a run that no engine executes, an ended one too: MLflow's clients resume runs.
     *
     * @return empty when there is no such run
     */
    public Optional<RunView> move(
            WorkspaceId workspace,
            String runId,
            Optional<String> status,
            Optional<Instant> ended,
            Optional<String> name) {
        return change(workspace, runId, entity -> {
            name.ifPresent(entity::displayName);
            RunView run = entity.view();
            if (run.executed() || (status.isEmpty() && ended.isEmpty())) {
                return run;
            }
            String word = status.orElse(run.status());
            Optional<Instant> end = RunStatus.isFinal(word)
                    ? ended.or(run::ended).or(() -> Optional.of(clock.instant()))
                    : Optional.empty();
            writer.status(
                    run.id(),
                    word,
                    run.started().orElse(null),
                    end.orElse(null),
                    run.error().orElse(null));
            return run.moved(word, run.attempt(), run.started(), end, run.error());
        });
    }

    /** Ends a run that no engine executes; one that has ended stays as it is. */
    public void cancel(JobId run) {
        change(
                run.workspace(),
                run.run(),
                entity -> writer.move(entity.view(), "Canceled", Optional.empty(), clock.instant()));
    }

    public Optional<RunView> tag(WorkspaceId workspace, String runId, Attributes tags) {
        return change(workspace, runId, entity -> {
            entity.tag(RunLimits.logged(entity.view().tags(), tags));
            return entity.view();
        });
    }

    public Optional<RunView> untag(WorkspaceId workspace, String runId, String tag) {
        return change(workspace, runId, entity -> {
            entity.tag(entity.view().tags().without(List.of(tag)));
            return entity.view();
        });
    }

    public Optional<RunView> name(WorkspaceId workspace, String runId, String name) {
        return move(workspace, runId, Optional.empty(), Optional.empty(), Optional.of(name));
    }

    public Optional<RunView> describe(WorkspaceId workspace, String runId, String text) {
        return change(workspace, runId, entity -> {
            entity.description(text);
            return entity.view();
        });
    }

    private Optional<RunView> change(WorkspaceId workspace, String runId, Function<RunEntity, RunView> change) {
        journal.catchUp(RunWriter.STATUS);
        Optional<RunView> changed = transactions.write(
                () -> repository.findLockedByKey(RunKey.of(workspace, runId)).map(change));
        writer.changed(new JobId(workspace, runId));
        return changed;
    }
}
