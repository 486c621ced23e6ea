package dev.malachite.server.runtime.docker;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Bytes that the engine sends: when they break off, that is told from a failure of who writes them down. */
final class EngineInput extends FilterInputStream {

    EngineInput(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        try {
            return super.read();
        } catch (IOException e) {
            throw gone(e);
        }
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            return super.read(buffer, offset, length);
        } catch (IOException e) {
            throw gone(e);
        }
    }

    @Override
    public long skip(long count) throws IOException {
        try {
            return super.skip(count);
        } catch (IOException e) {
            throw gone(e);
        }
    }

    private static Engine.Gone gone(IOException cause) {
        return new Engine.Gone("The Docker engine broke off: " + cause.getMessage(), cause);
    }
}
