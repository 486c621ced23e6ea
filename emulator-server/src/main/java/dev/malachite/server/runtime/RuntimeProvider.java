package dev.malachite.server.runtime;

import dev.malachite.engine.RuntimeKind;

/** Makes a runtime of one kind when it is first needed, so that nothing looks for an engine that nobody asked for. */
public interface RuntimeProvider {

    RuntimeKind kind();

    /** Whether what it needs is there at this moment; answers within two seconds. */
    boolean available();

    NodeRuntime open(RuntimeObserver observer);
}
