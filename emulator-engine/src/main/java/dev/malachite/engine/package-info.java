/**
 * The rules of the service as pure functions: {@code decide} turns a command into changes, {@code reconcile} places
 * jobs and scales clusters, {@code plan} says what the runtimes must do. No I/O, no threads, no clock of its own.
 */
@NullMarked
package dev.malachite.engine;

import org.jspecify.annotations.NullMarked;
