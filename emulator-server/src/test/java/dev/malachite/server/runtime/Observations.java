package dev.malachite.server.runtime;

import dev.malachite.engine.NodeId;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An observer that keeps what it is told, for a test to wait for. */
public final class Observations implements RuntimeObserver {

    private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();

    @Override
    public void jobExited(NodeId node, int generation, int exitCode, String detail) {
        told.add("exit " + node + "/" + generation + " " + exitCode + (detail.isEmpty() ? "" : " " + detail));
    }

    @Override
    public void nodeLost(NodeId node, int generation, String reason) {
        told.add("lost " + node + "/" + generation + " " + reason);
    }

    /** The next thing told, whenever it comes; fails the test after a minute. */
    public String next() throws InterruptedException {
        String next = told.poll(60, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("Nothing was told");
        }
        return next;
    }

    public boolean nothingMore() {
        return told.isEmpty();
    }
}
