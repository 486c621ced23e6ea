package dev.malachite.server.job;

import dev.malachite.api.Errors;
import dev.malachite.server.database.Filter;
import dev.malachite.server.run.RunFilters;
import dev.malachite.server.web.AzureException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a list of jobs may be asked for (from the published schema of {@code jobs}). */
final class JobFilters {

    private static final Map<String, List<String>> RUN_TYPES = Map.of(
            "command", List.of("azureml.commandjob", "azureml.scriptrun"),
            "pipeline", List.of("azureml.PipelineRun", "azureml.pipeline"),
            "sweep", List.of("azureml.sweep", "hyperdrive", "azureml.hyperdrive"),
            "automl", List.of("automl"),
            "spark", List.of("azureml.spark"));

    private static final int MOST_PROPERTIES = 20;

    private JobFilters() {}

    static Filter of(String listViewType, @Nullable String jobType, @Nullable String tag, @Nullable String properties) {
        List<Filter> filters = new ArrayList<>();
        switch (listViewType.toLowerCase(Locale.ROOT)) {
            case "activeonly" -> filters.add(RunFilters.hidden(false));
            case "archivedonly" -> filters.add(RunFilters.hidden(true));
            case "all" -> {}
            default ->
                throw new AzureException(
                        Errors.invalidParameter("listViewType", "it is ActiveOnly, ArchivedOnly or All."));
        }
        if (jobType != null && !jobType.isBlank()) {
            List<String> types = RUN_TYPES.get(jobType.toLowerCase(Locale.ROOT));
            if (types == null) {
                throw new AzureException(Errors.invalidParameter(
                        "jobType", "'%s' is none of Command, Pipeline, Sweep, AutoML, Spark.".formatted(jobType)));
            }
            filters.add(RunFilters.runTypes(types));
        }
        if (tag != null && !tag.isBlank()) {
            int equals = tag.indexOf('=');
            filters.add(
                    equals < 0
                            ? RunFilters.tagged(tag)
                            : RunFilters.tagged(tag.substring(0, equals), tag.substring(equals + 1)));
        }
        if (properties != null && !properties.isBlank()) {
            String[] wanted = properties.split(",", -1);
            if (wanted.length > MOST_PROPERTIES) {
                throw new AzureException(
                        Errors.invalidParameter("properties", "at most %d are taken.".formatted(MOST_PROPERTIES)));
            }
            for (String property : wanted) {
                int equals = property.indexOf('=');
                filters.add(
                        equals < 0
                                ? RunFilters.withProperty(property.strip())
                                : RunFilters.withProperty(
                                        property.substring(0, equals).strip(), property.substring(equals + 1)));
            }
        }
        return new Filter.All(filters);
    }

    /**
     * Of schedules, or of one.
     *
     * @param scheduled whether a schedule submitted it; null for both
     * @param schedule its name or id
     */
    static Filter scheduled(@Nullable Boolean scheduled, @Nullable String schedule) {
        if (schedule != null && !schedule.isBlank()) {
            return RunFilters.withProperty(NewJobs.SCHEDULE, schedule.substring(schedule.lastIndexOf('/') + 1));
        }
        if (scheduled == null) {
            return Filter.all();
        }
        Filter some = RunFilters.withProperty(NewJobs.SCHEDULE);
        return scheduled ? some : new Filter.Not(some);
    }
}
