package dev.malachite.server.workspace;

/**
 * Whether lists show a workspace to whoever asks: Resource Manager leaves out what nobody gave them. The part that knows
 * callers provides it.
 */
@FunctionalInterface
public interface Visibility {

    boolean shows(Workspace workspace);
}
