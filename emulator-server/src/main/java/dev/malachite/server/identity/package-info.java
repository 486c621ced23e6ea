/** Who calls: tokens and the endpoints that hand them out, and which listener lets which caller in. */
@NullMarked
package dev.malachite.server.identity;

import org.jspecify.annotations.NullMarked;
