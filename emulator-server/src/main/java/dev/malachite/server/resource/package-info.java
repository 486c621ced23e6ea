/** Resources of other services, which are declared so that workspaces can name them. */
@NullMarked
package dev.malachite.server.resource;

import org.jspecify.annotations.NullMarked;
