package dev.malachite.server.metric;

import dev.malachite.engine.JobId;
import java.util.List;

/** Is told what some runs log, when it is kept and before the one who logged it is answered. */
public interface MetricListener {

    /** Asked for every metric of every batch: it must cost nothing for those that it does not care about. */
    boolean listens(JobId run, String metric);

    /**
     * A metric has grown.
     *
     * @param from how many values it had before
     * @param values what is no number is {@code NaN}
     */
    void logged(JobId run, String metric, int from, List<Double> values);
}
