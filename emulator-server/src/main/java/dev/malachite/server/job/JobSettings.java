package dev.malachite.server.job;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How jobs are shown to their clients.
 *
 * @param logHold how long after its submission, in real time, a job that has ended stays Finalizing for one
 *     who may want to stream it: the SDK prints no log of a job that has ended before it looked. Nothing is waited for
 *     once somebody follows the job, or plainly only polls it; 0 for never
 */
@ConfigurationProperties("malachite.job")
record JobSettings(@DefaultValue("4s") Duration logHold) {

    JobSettings {
        if (logHold.isNegative() || logHold.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("malachite.job.log-hold is not between 0 s and 1 min");
        }
    }
}
