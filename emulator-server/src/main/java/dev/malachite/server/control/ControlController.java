package dev.malachite.server.control;

import dev.malachite.api.Errors;
import dev.malachite.engine.Job;
import dev.malachite.engine.State;
import dev.malachite.server.loop.Clockwork;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.loop.EmulatorClock;
import dev.malachite.server.run.Runs;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspaces;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** Looks inside the emulator and makes happen what in Azure one can only wait for. */
@RestController
@RequestMapping("/_emulator")
class ControlController {

    private static final Duration LONGEST_TURN = Duration.ofDays(3650);

    private final ControlLoop loop;
    private final EmulatorClock clock;
    private final Clockwork clockwork;
    private final Overview overview;
    private final Workspaces workspaces;
    private final Runs runs;

    ControlController(
            ControlLoop loop,
            EmulatorClock clock,
            Clockwork clockwork,
            Overview overview,
            Workspaces workspaces,
            Runs runs) {
        this.loop = loop;
        this.clock = clock;
        this.clockwork = clockwork;
        this.overview = overview;
        this.workspaces = workspaces;
        this.runs = runs;
    }

    @GetMapping("/overview")
    ObjectNode overview() {
        return overview.json();
    }

    @GetMapping("/clock")
    ObjectNode clock() {
        return Json.object()
                .put("now", clock.instant().toString())
                .put("ahead", clock.ahead().toString());
    }

    /** Body: {@code {"by": "PT2M"}}. Timers on the way fire in order; the answer comes when they have. */
    @PostMapping("/clock/advance")
    ObjectNode advance(@Body ObjectNode body) {
        clockwork.advance(duration(body));
        return clock();
    }

    private static Duration duration(ObjectNode body) {
        String text = Json.string(body, "by").orElse("");
        try {
            Duration by = Duration.parse(text);
            if (!by.isNegative() && by.compareTo(LONGEST_TURN) <= 0) {
                return by;
            }
        } catch (DateTimeParseException e) {
            // falls through to the one message
        }
        throw new AzureException(Errors.invalidParameter(
                "by",
                "an ISO 8601 duration of 0 to %d days is expected, such as 'PT2M'.".formatted(LONGEST_TURN.toDays())));
    }

    /** Why a job waits, in one sentence. */
    @GetMapping("/jobs/{run}/explain")
    ObjectNode explain(@PathVariable String run) {
        State state = loop.state();
        return workspaces.all().stream()
                .flatMap(workspace -> runs.find(workspace.id(), run).stream())
                .findFirst()
                .map(found -> {
                    Job job = state.job(found.id()).orElse(null);
                    return job == null
                            ? Json.object()
                                    .put("runId", run)
                                    .put("status", found.status())
                                    .put("why", found.executed() ? "It has ended." : "It is not executed here.")
                            : Overview.job(state, job, clock.instant());
                })
                .orElseThrow(() -> new AzureException(Errors.notFound("Job '%s'".formatted(run))));
    }
}
