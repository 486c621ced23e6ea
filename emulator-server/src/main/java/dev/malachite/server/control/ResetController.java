package dev.malachite.server.control;

import dev.malachite.engine.Command;
import dev.malachite.engine.QuotaKey;
import dev.malachite.server.event.EventLog;
import dev.malachite.server.loop.Clockwork;
import dev.malachite.server.loop.Commands;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.resource.Resources;
import dev.malachite.server.runtime.Runtimes;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.Version;
import dev.malachite.server.workspace.ResourceGroups;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceService;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** The emulator as a whole: how it is, and how to begin anew. */
@RestController
@RequestMapping("/_emulator")
class ResetController {

    private final ControlLoop loop;
    private final Commands commands;
    private final ApplicationEventPublisher application;
    private final WorkspaceService workspaces;
    private final ResourceGroups groups;
    private final Resources resources;
    private final Clockwork clockwork;
    private final EventLog events;
    private final Overview overview;
    private final Runtimes runtimes;

    ResetController(
            ControlLoop loop,
            Commands commands,
            ApplicationEventPublisher application,
            WorkspaceService workspaces,
            ResourceGroups groups,
            Resources resources,
            Clockwork clockwork,
            EventLog events,
            Overview overview,
            Runtimes runtimes) {
        this.loop = loop;
        this.commands = commands;
        this.application = application;
        this.workspaces = workspaces;
        this.groups = groups;
        this.resources = resources;
        this.clockwork = clockwork;
        this.events = events;
        this.overview = overview;
        this.runtimes = runtimes;
    }

    /**
     * Deletes all workspaces and resource groups, or those of one subscription; what they keep on disk goes with the last
     * of their nodes. When all is reset, the clock is set back, no fault is left, every limit is the default again, and
     * what happened is forgotten.
     */
    @PostMapping("/reset")
    ObjectNode reset(@RequestParam(required = false) @Nullable String subscription) {
        if (subscription == null) {
            // Before anything else: a full disk that is only played would refuse the rest.
            commands.execute(new Command.ClearFaults());
        }
        int deleted = 0;
        for (Workspace workspace : workspaces.all()) {
            if (subscription == null || workspace.ref().subscription().equalsIgnoreCase(subscription)) {
                deleted += workspaces.delete(workspace.ref()) ? 1 : 0;
            }
        }
        groups.forget(subscription);
        resources.forget(subscription);
        for (QuotaKey key : loop.state().limits().keySet()) {
            if (subscription == null || key.scope().subscription().equalsIgnoreCase(subscription)) {
                commands.execute(new Command.SetLimit(key, Optional.empty()));
            }
        }
        if (subscription == null) {
            clockwork.reset();
            events.clear();
            application.publishEvent(new EmulatorReset());
        }
        return Json.object().put("workspacesDeleted", deleted);
    }

    @GetMapping("/status")
    ObjectNode status() {
        ObjectNode all = overview.json();
        return Json.object()
                .put("status", "UP")
                .put("version", Version.current())
                .put("runtime", runtimes.preferred().name().toLowerCase(Locale.ROOT))
                .put("now", all.path("now").stringValue())
                .put("workspaces", all.path("workspaces").size())
                .put("targets", all.path("targets").size())
                .put(
                        "nodes",
                        all.path("targets")
                                .valueStream()
                                .mapToInt(target -> target.path("nodes").size())
                                .sum())
                .put("jobs", all.path("jobs").size());
    }
}
