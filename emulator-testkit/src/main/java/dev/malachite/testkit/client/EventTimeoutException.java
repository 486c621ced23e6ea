package dev.malachite.testkit.client;

/** What was awaited did not happen in time. The message lists what happened instead. */
public final class EventTimeoutException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EventTimeoutException(String message) {
        super(message);
    }
}
