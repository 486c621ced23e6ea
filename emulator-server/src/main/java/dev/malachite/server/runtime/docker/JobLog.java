package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.model.Frame;
import dev.malachite.server.runtime.LogLimit;
import dev.malachite.server.runtime.Ranks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One reading of a container's log from its beginning, into a file for each process of the job. */
final class JobLog extends EngineStream<Frame> {

    private final List<KeptLog> files = new ArrayList<>();
    private final Ranks.Parting parting = new Ranks.Parting(this::keep);
    private final Runnable heard;
    private volatile boolean cut;

    /**
     * Opens the files.
     *
     * @param heard told of everything that the container prints
     */
    JobLog(List<Path> logs, LogLimit limit, Runnable heard) throws IOException {
        this.heard = heard;
        try {
            for (Path log : logs) {
                files.add(new KeptLog(log, limit));
            }
        } catch (IOException e) {
            closeFiles();
            throw e;
        }
    }

    /** Whether nothing more is kept. */
    boolean full() {
        return files.stream().allMatch(KeptLog::full);
    }

    /** Whether it was ended before its end. */
    boolean cut() {
        return cut;
    }

    @Override
    public void onNext(Frame frame) {
        try {
            if (!full()) {
                byte[] payload = frame.getPayload();
                if (files.size() == 1) {
                    keep(0, payload, 0, payload.length);
                } else {
                    parting.take(payload, 0, payload.length);
                }
                if (full()) {
                    end();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        heard.run();
    }

    void end() {
        cut = true;
        close();
    }

    @Override
    public void close() {
        super.close();
        try {
            closeFiles();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void keep(int process, byte[] bytes, int from, int to) throws IOException {
        files.get(process < files.size() ? process : 0).append(ByteBuffer.wrap(bytes, from, to - from));
    }

    private void closeFiles() throws IOException {
        for (KeptLog file : files) {
            file.close();
        }
    }
}
