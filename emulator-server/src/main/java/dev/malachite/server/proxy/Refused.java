package dev.malachite.server.proxy;

/** A tunnel that is not opened; the line goes into the status line of the answer, which is what clients show. */
final class Refused extends Exception {

    private final int status;

    Refused(int status, String line) {
        super(line, null, false, false);
        this.status = status;
    }

    /** An answer without a body that could be mistaken for the other end's. */
    String answer() {
        return "HTTP/1.1 %d malachite: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                .formatted(status, getMessage());
    }
}
