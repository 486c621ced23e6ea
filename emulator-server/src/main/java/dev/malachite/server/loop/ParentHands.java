package dev.malachite.server.loop;

import dev.malachite.engine.Action;
import dev.malachite.engine.Child;
import dev.malachite.engine.Command;
import dev.malachite.engine.JobPhase;
import dev.malachite.engine.Parent;
import dev.malachite.server.disk.DiskFull;
import dev.malachite.server.web.AzureException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Carries out what parents want: their children submitted, and what is left to do at their end done. */
@Component
class ParentHands {

    private static final Logger LOG = LoggerFactory.getLogger(ParentHands.class);

    /** From here on it is not the submission's fault. */
    private static final int OUR_OWN = 500;

    private final ControlLoop loop;
    private final Commands commands;
    private final ObjectProvider<ParentWork> works;

    ParentHands(ControlLoop loop, Commands commands, ObjectProvider<ParentWork> works) {
        this.loop = loop;
        this.commands = commands;
        this.works = works;
    }

    /** Returns false for trouble that may pass. */
    boolean submit(Action.SubmitChild action) {
        Child child = action.child();
        Parent parent = loop.state().parent(child.parent()).orElse(null);
        if (parent == null) {
            return true;
        }
        ParentWork work = work(parent);
        try {
            switch (work.submission(parent, child)) {
                case Command.Wish<?> wish -> commands.execute(wish);
                case Command.Observation seen -> loop.observe(seen);
            }
        } catch (DiskFull | IOException e) {
            LOG.warn("child {} of {} will be tried again: {}", child.name(), parent.id(), e.getMessage());
            return false;
        } catch (AzureException e) {
            if (e.error().status() >= OUR_OWN) {
                LOG.warn("child {} of {} will be tried again: {}", child.name(), parent.id(), e.getMessage());
                return false;
            }
            // If it is the parent that has lost interest, nobody listens.
            try {
                loop.observe(refused(work, parent, child, e.error().message()));
            } catch (DiskFull | DataAccessException trouble) {
                LOG.warn("child {} of {} will be tried again: {}", child.name(), parent.id(), trouble.getMessage());
                return false;
            }
        }
        return true;
    }

    private static Command.ChildEnded refused(ParentWork work, Parent parent, Child child, String why) {
        try {
            return work.refused(parent, child, why);
        } catch (DiskFull | DataAccessException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.warn("child {} of {} fails without a run: {}", child.name(), parent.id(), e.getMessage());
            return new Command.ChildEnded(child.run(), JobPhase.FAILED, why, null);
        }
    }

    boolean finish(Action.FinishParent action) {
        Optional<Parent> parent = loop.state().parent(action.parent());
        try {
            if (parent.isPresent()) {
                work(parent.get())
                        .finish(
                                parent.get(),
                                List.copyOf(
                                        loop.state().children(action.parent()).values()));
            }
        } catch (DiskFull | DataAccessException | IOException e) {
            LOG.warn("the end of {} will be tried again: {}", action.parent(), e.getMessage());
            return false;
        } catch (AzureException e) {
            // Nothing that another try would mend; it must end all the same.
            LOG.warn(
                    "not all that {} has left could be kept: {}",
                    action.parent(),
                    e.error().message());
        } catch (RuntimeException e) {
            LOG.error("not all that {} has left could be kept", action.parent(), e);
        }
        loop.observe(new Command.ParentFinished(action.parent()));
        return true;
    }

    private ParentWork work(Parent parent) {
        return works.stream()
                .filter(work -> work.knows(parent.plan()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nobody knows the plan of " + parent.id()));
    }
}
