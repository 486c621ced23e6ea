package dev.malachite.server.delivery;

import dev.malachite.server.runtime.JobData;
import java.util.Map;

/**
 * What a run is given of its data.
 *
 * @param environment the variables that say where they are
 * @param arguments what stands for them among the arguments and in the command, and what to put there
 * @param links where in the node something of the data folder shall be found as well
 */
public record RunDelivery(
        Map<String, String> environment,
        Map<String, String> arguments,
        Map<String, String> links,
        JobData.Source data) {

    /** An argument or a command with places instead of what stands for them. */
    public String filled(String text) {
        String filled = text;
        for (Map.Entry<String, String> argument : arguments.entrySet()) {
            filled = filled.replace(argument.getKey(), argument.getValue());
        }
        return filled;
    }
}
