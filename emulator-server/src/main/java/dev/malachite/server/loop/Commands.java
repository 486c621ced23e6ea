package dev.malachite.server.loop;

import dev.malachite.api.AzureError;
import dev.malachite.api.Errors;
import dev.malachite.engine.Command;
import dev.malachite.engine.Fault;
import dev.malachite.engine.Refusal;
import dev.malachite.server.disk.DiskFull;
import dev.malachite.server.disk.DiskSpace;
import dev.malachite.server.web.AzureException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;

/** How a request asks the loop for something and waits until it is on disk. */
@Component
public class Commands {

    private static final int DEADLINE_SECONDS = 30;

    private final ControlLoop loop;
    private final DiskSpace disk;

    Commands(ControlLoop loop, DiskSpace disk) {
        this.loop = loop;
        this.disk = disk;
    }

    /** The command's reply; a refusal ends the request with Azure's error. */
    public <R> R execute(Command.Wish<R> wish) {
        if (wish instanceof Command.SubmitJob
                || wish instanceof Command.SubmitParent
                || wish instanceof Command.PutTarget) {
            disk.requireRoom();
        }
        return await(loop.submit(wish));
    }

    /**
     * Whether a fault that works outside of the engine may strike now. One that strikes only so often is counted by the
     * engine, so that it does so exactly that often.
     */
    public boolean mayStrike(Fault fault) {
        return fault.timesLeft().isEmpty() || execute(new Command.StrikeFault(fault.id()));
    }

    static <R> R await(CompletableFuture<R> answer) {
        try {
            return answer.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Refusal refusal) {
                throw new AzureException(new AzureError(status(refusal.kind()), refusal.code(), refusal.reason()));
            }
            if (e.getCause() instanceof DiskFull full) {
                throw full;
            }
            if (e.getCause() instanceof DataIntegrityViolationException) {
                throw new AzureException(Errors.conflict("Something of that name was made at the same moment."));
            }
            throw new IllegalStateException("the change could not be written", e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the control loop did not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static int status(Refusal.Kind kind) {
        return switch (kind) {
            case INVALID -> 400;
            case NOT_FOUND -> 404;
            case CONFLICT -> 409;
        };
    }
}
