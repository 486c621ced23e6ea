package dev.malachite.server.job;

import dev.malachite.engine.Command;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.loop.Commands;
import dev.malachite.server.workspace.WorkspaceRemoval;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Ends the jobs and targets of a workspace that is deleted. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10) // after the schedules, which would begin new ones
class WorkspaceJobs implements WorkspaceRemoval {

    private final Commands commands;

    WorkspaceJobs(Commands commands) {
        this.commands = commands;
    }

    @Override
    public void removed(WorkspaceId id) {
        commands.execute(new Command.RemoveWorkspace(id));
    }
}
