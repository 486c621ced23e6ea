package dev.malachite.server.delivery;

import dev.malachite.server.runtime.JobData;
import java.util.Map;

/**
 * What a job is given of its inputs and outputs.
 *
 * @param command with paths and values in place
 * @param environment the variables that say where inputs and outputs are
 * @param data looked through when its node takes it
 */
public record Delivery(String command, Map<String, String> environment, JobData.Source data) {}
