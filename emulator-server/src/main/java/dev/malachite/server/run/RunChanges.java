package dev.malachite.server.run;

import dev.malachite.api.Errors;
import dev.malachite.engine.JobId;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.database.Attributes;
import dev.malachite.server.database.Transactions;
import dev.malachite.server.database.WriteBehind;
import dev.malachite.server.experiment.ExperimentNames;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Changes runs' attributes, and makes the runs that nobody submits: interactive, local and child runs. */
@Service
public class RunChanges {

    /** Members that are columns of their own, or that only we can know. */
    private static final Set<String> OURS = Set.of(
            "runid",
            "runnumber",
            "rootrunid",
            "parentrunid",
            "experimentid",
            "status",
            "createdutc",
            "starttimeutc",
            "endtimeutc",
            "createdby",
            "userid",
            "name",
            "displayname",
            "description",
            "hidden",
            "runtype",
            "runuuid",
            "rootrunuuid",
            "datacontainerid",
            "scriptname",
            "target",
            "properties",
            "tags",
            "rundefinition",
            "error",
            "canceluri",
            "token",
            "tokenexpirytimeutc");

    private static final Map<String, BiConsumer<RunEntity, String>> TEXTS = Map.of(
            "displayName", RunEntity::displayName,
            "name", RunEntity::name,
            "description", RunEntity::description,
            "runType", RunEntity::runType,
            "target", RunEntity::target,
            "scriptName", RunEntity::script);

    private final RunRepository repository;
    private final RunWriter writer;
    private final Transactions transactions;
    private final WriteBehind journal;
    private final Clock clock;

    RunChanges(
            RunRepository repository, RunWriter writer, Transactions transactions, WriteBehind journal, Clock clock) {
        this.journal = journal;
        this.repository = repository;
        this.writer = writer;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * Merges what the body names into the run; a null changes nothing.
     *
     * @return empty when there is no such run
     */
    public Optional<RunView> patch(WorkspaceId workspace, String runId, ObjectNode body) {
        return change(workspace, runId, run -> merge(run, body));
    }

    /** Replaces what a run was submitted as, by the same with more in it. */
    public void redefine(JobId run, ObjectNode definition) {
        transactions.write(() -> {
            writer.define(run, RunLimits.document("The run definition", definition));
            return run;
        });
    }

    /** Archives a run, or fetches it back. */
    public Optional<RunView> setHidden(WorkspaceId workspace, String runId, boolean hidden) {
        return change(workspace, runId, run -> run.hide(hidden));
    }

    public Optional<RunView> removeTags(WorkspaceId workspace, String runId, List<String> names) {
        return change(workspace, runId, run -> run.tag(run.view().tags().without(names)));
    }

    /**
     * As {@link #patch}, but makes the run if it is absent, and its experiment too.
     *
     * @param experiment the run's; an existing run of another one is refused
     */
    public RunView patchOrCreate(
            WorkspaceId workspace, String experiment, String runId, ObjectNode body, String createdBy) {
        ExperimentNames.check(experiment);
        RunLimits.checkId(runId);
        Json.string(body, "runId").filter(id -> !id.equals(runId)).ifPresent(id -> {
            throw new AzureException(
                    Errors.userError("The body names run '%s', the path run '%s'.".formatted(id, runId)));
        });
        RunKey key = RunKey.of(workspace, runId);
        journal.catchUp(RunWriter.STATUS);
        RunView changed = transactions.write(() -> {
            RunEntity run = repository.findLockedByKey(key).orElseGet(() -> {
                Optional<String> parent = Json.string(body, "parentRunId").map(RunLimits::checkId);
                writer.insert(
                        new NewRun(new JobId(workspace, runId), experiment, parent, false, "NotStarted", createdBy),
                        clock.instant());
                return repository.findLockedByKey(key).orElseThrow();
            });
            if (!run.view().experiment().equals(experiment)) {
                throw new AzureException(Errors.conflict("Run '%s' exists in experiment '%s'."
                        .formatted(runId, run.view().experiment())));
            }
            merge(run, body);
            return latest(run, body);
        });
        writer.changed(changed.id());
        return changed;
    }

    private Optional<RunView> change(WorkspaceId workspace, String runId, Consumer<RunEntity> change) {
        journal.catchUp(RunWriter.STATUS);
        Optional<RunView> changed = transactions.write(
                () -> repository.findLockedByKey(RunKey.of(workspace, runId)).map(run -> {
                    change.accept(run);
                    return run.view();
                }));
        writer.changed(new JobId(workspace, runId));
        return changed;
    }

    private void merge(RunEntity run, ObjectNode body) {
        RunView before = run.view();
        TEXTS.forEach((member, setter) -> Json.string(body, member).ifPresent(text -> setter.accept(run, text)));
        JsonNode hidden = Json.member(body, "hidden");
        if (hidden.isBoolean()) {
            run.hide(hidden.booleanValue());
        }
        run.tag(RunLimits.tags(before.tags(), Attributes.of(Json.member(body, "tags"), "tags")));
        Attributes sent = Attributes.of(Json.member(body, "properties"), "properties");
        run.describe(before.properties()
                .merged(sent.without(sent.values().keySet().stream()
                        .filter(name -> name.startsWith(RunExecutions.PREFIX))
                        .toList())));
        ObjectNode document = before.document().deepCopy();
        body.properties().stream()
                .filter(member -> !OURS.contains(member.getKey().toLowerCase(Locale.ROOT)))
                .forEach(member -> document.set(member.getKey(), member.getValue()));
        run.keep(document);
        if (Json.member(body, "runDefinition") instanceof ObjectNode definition && !before.executed()) {
            writer.define(before.id(), RunLimits.document("The run definition", definition));
        }
    }

    /** A run that is not executed has the status that its client gives it. */
    private RunView latest(RunEntity run, ObjectNode body) {
        RunView view = run.view();
        Optional<String> status = Json.string(body, "status").filter(word -> !word.equals(view.status()));
        if (status.isEmpty() || view.executed() || view.isFinal()) {
            return view;
        }
        return writer.move(view, status.get(), Optional.empty(), clock.instant());
    }
}
