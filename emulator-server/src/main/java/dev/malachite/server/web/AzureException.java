package dev.malachite.server.web;

import dev.malachite.api.AzureError;

/** Ends a request with an error of Azure's; {@link ErrorAdvice} gives it the shape of the API family that was called. */
public final class AzureException extends RuntimeException {

    private final transient AzureError error;

    public AzureException(AzureError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    public AzureError error() {
        return error;
    }
}
