/** A scenario: which failures happen on which clock, and what is expected to come of it. */
@NullMarked
package dev.malachite.server.scenario;

import org.jspecify.annotations.NullMarked;
