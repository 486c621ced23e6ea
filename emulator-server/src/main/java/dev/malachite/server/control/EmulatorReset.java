package dev.malachite.server.control;

/** All that there was has been deleted by a reset. */
public record EmulatorReset() {}
