package dev.malachite.engine;

/**
 * What a runtime must do to bring the world into line with the state. Equal actions are one: an action that is wanted
 * again while it runs, or after it has succeeded, is not begun again.
 */
public sealed interface Action {

    /** Have an image ready. */
    record PrepareImage(ImageKey image, RuntimeKind runtime) implements Action {}

    /** Acts on one node; those of the same node take turns. */
    sealed interface OnNode extends Action {
        NodeId node();

        RuntimeKind runtime();
    }

    /** Have the node's container of this generation waiting. */
    record OpenNode(NodeId node, RuntimeKind runtime, int generation, ImageKey image) implements OnNode {}

    /** Have the attempt running, or follow the one that runs. */
    record RunJob(NodeId node, RuntimeKind runtime, int generation, JobId job, int attempt) implements OnNode {}

    record StopJob(NodeId node, RuntimeKind runtime, int generation, JobId job, int attempt) implements OnNode {}

    /** Keep what an ended attempt left on the node; the exit code is the node's. */
    record Collect(NodeId node, RuntimeKind runtime, int generation, JobId job, int attempt, int exitCode)
            implements OnNode {}

    record CloseNode(NodeId node, RuntimeKind runtime) implements OnNode {}

    /** Acts on the machine of a compute instance. */
    sealed interface OnMachine extends Action {
        TargetId target();

        RuntimeKind runtime();
    }

    /** Have the machine running, with the size that the instance has. */
    record StartMachine(TargetId target, RuntimeKind runtime, int order) implements OnMachine {}

    /** Run a setup script in it: the one of the creation, or the one of each start. */
    record RunSetup(TargetId target, RuntimeKind runtime, int order, boolean creation) implements OnMachine {}

    record StopMachine(TargetId target, RuntimeKind runtime, int order) implements OnMachine {}

    /** Remove it with its disk. */
    record RemoveMachine(TargetId target, RuntimeKind runtime, int order) implements OnMachine {}

    /** Ask when somebody last did something in it. */
    record AskMachine(TargetId target, RuntimeKind runtime, int order) implements OnMachine {}

    /** Put a child's submission together and submit it. */
    record SubmitChild(Child child) implements Action {}

    /** Keep what is to be kept of a parent whose end is decided. */
    record FinishParent(JobId parent) implements Action {}

    /** Remove what the nodes of a target shared. */
    record CloseTarget(TargetId target, RuntimeKind runtime) implements Action {}
}
