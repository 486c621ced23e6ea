package dev.malachite.testkit.client;

import java.time.Instant;
import java.util.Optional;

/**
 * Why a job waits, or what it does.
 *
 * @param runId the run's id, which is the job's name
 * @param status the run's status in the service's words, for example {@code Queued}
 * @param why one sentence with numbers
 * @param target the compute target, in lower case; absent once the job has ended
 * @param attempt counts from 1; absent once the job has ended
 * @param submitted on the emulator's clock; absent once the job has ended
 * @param started when it first ran, on the emulator's clock
 */
public record Explanation(
        String runId,
        String status,
        String why,
        Optional<String> target,
        Optional<Integer> attempt,
        Optional<Instant> submitted,
        Optional<Instant> started) {}
