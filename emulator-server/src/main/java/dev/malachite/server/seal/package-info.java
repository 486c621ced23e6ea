/** How what is secret lies on disk: under a key of this data folder's. */
@NullMarked
package dev.malachite.server.seal;

import org.jspecify.annotations.NullMarked;
