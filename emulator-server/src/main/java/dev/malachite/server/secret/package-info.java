/** The secrets of a workspace's key vault, as far as the v1 SDK reaches them. */
@NullMarked
package dev.malachite.server.secret;

import org.jspecify.annotations.NullMarked;
