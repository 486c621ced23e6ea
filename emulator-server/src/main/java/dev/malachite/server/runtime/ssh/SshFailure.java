package dev.malachite.server.runtime.ssh;

import java.io.IOException;

/** A machine that cannot be entered, or does not do what it is asked; the message is one sentence for its user. */
final class SshFailure extends IOException {

    private static final long serialVersionUID = 1;

    SshFailure(String message) {
        super(message);
    }

    SshFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
