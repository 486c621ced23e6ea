package dev.malachite.server.loop;

import dev.malachite.engine.Child;
import dev.malachite.engine.Command;
import dev.malachite.engine.Parent;
import dev.malachite.engine.Plan;
import dev.malachite.server.web.AzureException;
import java.io.IOException;
import java.util.Collection;

/** What a kind of parent runs needs beyond the engine's rules; a bean a kind. All of it may be asked for again. */
public interface ParentWork {

    /** Whether it is its kind. */
    boolean knows(Plan plan);

    /**
     * What is told to the engine so that the child exists: mostly {@link Command.SubmitJob#childOf}, for a child that has
     * children itself {@link Command.SubmitParent}, for one that need not run {@link Command.ChildEnded}.
     *
     * @throws AzureException when the child cannot be submitted as it stands; it fails then
     */
    Command<?> submission(Parent parent, Child child) throws IOException;

    /** The failed run of a child that cannot be submitted. */
    Command.ChildEnded refused(Parent parent, Child child, String why);

    /** Keeps what is to be kept of a parent whose end is decided; it ends when this returns. */
    void finish(Parent parent, Collection<Child> children) throws IOException;
}
