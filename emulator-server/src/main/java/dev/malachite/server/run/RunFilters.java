package dev.malachite.server.run;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.database.Filter;
import dev.malachite.server.database.Filter.Compare;
import dev.malachite.server.database.Filter.Operator;
import dev.malachite.server.database.Schema;
import dev.malachite.server.database.Schema.Column;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** By what runs can be found. A client's own text is read by {@link Filter#parse}; parts are joined by {@link Filter#all}. */
public final class RunFilters {

    static final Schema SCHEMA = new Schema(
            Map.ofEntries(
                    Map.entry("workspaceid", new Column("key.workspaceId", Schema.Type.TEXT)),
                    Map.entry("runid", new Column("key.runId", Schema.Type.TEXT)),
                    Map.entry("experimentid", new Column("experimentId", Schema.Type.TEXT)),
                    Map.entry("experimentname", new Column("experiment", Schema.Type.TEXT)),
                    Map.entry("runnumber", new Column("number", Schema.Type.NUMBER)),
                    Map.entry("parentrunid", new Column("parent", Schema.Type.TEXT)),
                    Map.entry("rootrunid", new Column("root", Schema.Type.TEXT)),
                    Map.entry("displayname", new Column("displayName", Schema.Type.TEXT)),
                    Map.entry("name", new Column("name", Schema.Type.TEXT)),
                    Map.entry("hidden", new Column("hidden", Schema.Type.FLAG)),
                    Map.entry("runtype", new Column("runType", Schema.Type.TEXT)),
                    Map.entry("target", new Column("target", Schema.Type.NAME)),
                    Map.entry("status", new Column("status", Schema.Type.TEXT)),
                    Map.entry("executed", new Column("executed", Schema.Type.FLAG)),
                    Map.entry("createdutc", new Column("created", Schema.Type.TIME)),
                    Map.entry("starttimeutc", new Column("started", Schema.Type.TIME)),
                    Map.entry("starttime", new Column("started", Schema.Type.TIME)),
                    Map.entry("endtimeutc", new Column("ended", Schema.Type.TIME)),
                    Map.entry("endtime", new Column("ended", Schema.Type.TIME))),
            Map.of("tags", "tags", "properties", "properties"));

    private RunFilters() {}

    static Filter in(WorkspaceId workspace) {
        return Filter.eq("WorkspaceId", workspace.value());
    }

    /** On that compute target, compared without case. */
    public static Filter target(String name) {
        return Filter.eq("Target", name);
    }

    /** Archived ones, or those that are not. */
    public static Filter hidden(boolean hidden) {
        return Filter.eq("Hidden", String.valueOf(hidden));
    }

    /** Submitted as jobs. */
    public static Filter executed() {
        return Filter.eq("Executed", "true");
    }

    /** Without a parent. */
    static Filter topLevel() {
        return Filter.isNull("ParentRunId");
    }

    /** Not ended yet. */
    public static Filter active() {
        return new Filter.Not(new Filter.Any(RunStatus.finals().stream()
                .map(status -> Filter.eq("Status", status))
                .toList()));
    }

    /** With the tag, whatever its value. */
    public static Filter tagged(String tag) {
        return has("Tags/" + tag);
    }

    /** With the property, whatever its value. */
    public static Filter withProperty(String name) {
        return has("Properties/" + name);
    }

    public static Filter withProperty(String name, String value) {
        return Filter.eq("Properties/" + name, value);
    }

    public static Filter tagged(String tag, String value) {
        return Filter.eq("Tags/" + tag, value);
    }

    /** Made by one of those, for example {@code azureml.commandjob}. */
    public static Filter runTypes(Collection<String> types) {
        return new Filter.Any(
                types.stream().map(type -> Filter.eq("RunType", type)).toList());
    }

    private static Filter has(String field) {
        return Filter.any(new Compare(field, Operator.NE, Optional.empty()), Filter.isNull(field));
    }
}
