package dev.malachite.server.cloud;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;

/** How a shell's programs are pointed at us. */
enum Mode {
    /** They ask where their cloud is, and are told. */
    VARIABLES,
    /** They know where it is: a proxy takes Azure's own names to us. */
    PROXY;

    static Mode of(String name) {
        for (Mode mode : values()) {
            if (mode.name().equalsIgnoreCase(name)) {
                return mode;
            }
        }
        throw new AzureException(Errors.invalidParameter("mode", "there are variables, proxy"));
    }
}
