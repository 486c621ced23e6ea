/** Runs, jobs and experiments as one history. */
@NullMarked
package dev.malachite.server.run;

import org.jspecify.annotations.NullMarked;
