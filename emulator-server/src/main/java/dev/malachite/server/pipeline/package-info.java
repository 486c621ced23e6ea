/** Pipelines of the v2 SDK: steps, what flows between them, and results that need not be made again. */
@NullMarked
package dev.malachite.server.pipeline;

import org.jspecify.annotations.NullMarked;
