package dev.malachite.server.runtime;

/**
 * An image cannot be had; the message tells a user which one, why, and what to do. With a cause it was the runtime itself
 * that was in trouble, and another try may do.
 */
public final class ImageFailure extends Exception {

    public ImageFailure(String message) {
        super(message);
    }

    public ImageFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
