package dev.malachite.server.run;

import dev.malachite.engine.JobId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Knows of jobs that were just submitted whether their client has begun to follow them. The SDKs print the log of a job only
 * if their first look at the run's details finds it unfinished; a job of milliseconds would end before that.
 */
@Component
public class RunFollowers {

    /** Who has asked that often for the job itself is one who polls; who streams does it once. */
    private static final int POLLS = 4;

    private static final int KEPT = 10_000;

    private static final class Expected {
        private final long submitted = System.nanoTime();
        private final CountDownLatch seen = new CountDownLatch(1);
        private int polls;
    }

    private final Map<JobId, Expected> expected = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<JobId, Expected> eldest) {
            return size() > KEPT;
        }
    };

    /** Its client may want to follow it. */
    public synchronized void submitted(JobId job) {
        expected.put(job, new Expected());
    }

    /** Somebody reads what changes while it runs. */
    synchronized void follows(JobId job) {
        Expected found = expected.get(job);
        if (found != null) {
            found.seen.countDown();
        }
    }

    /** Somebody looks how it stands. */
    public synchronized void polls(JobId job) {
        Expected found = expected.get(job);
        if (found != null && ++found.polls >= POLLS) {
            found.seen.countDown();
        }
    }

    /**
     * Waits for its first follower, but not longer than that after its submission; of jobs that nobody has just submitted
     * nothing is expected.
     */
    public void await(JobId job, Duration most) throws InterruptedException {
        Expected found = find(job);
        if (found == null) {
            return;
        }
        long left = most.toNanos() - (System.nanoTime() - found.submitted);
        if (left > 0 && found.seen.await(left, TimeUnit.NANOSECONDS)) {
            forget(job);
        }
    }

    private synchronized @Nullable Expected find(JobId job) {
        return expected.get(job);
    }

    private synchronized void forget(JobId job) {
        expected.remove(job);
    }
}
