/** How data come to a job and go from it: the inputs and named outputs of the v2 SDK's jobs. */
@NullMarked
package dev.malachite.server.delivery;

import org.jspecify.annotations.NullMarked;
