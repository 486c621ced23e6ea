/** Code folders as they were submitted. */
@NullMarked
package dev.malachite.server.snapshot;

import org.jspecify.annotations.NullMarked;
