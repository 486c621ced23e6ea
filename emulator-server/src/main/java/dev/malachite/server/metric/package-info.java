/** Metrics that runs log. */
@NullMarked
package dev.malachite.server.metric;

import org.jspecify.annotations.NullMarked;
