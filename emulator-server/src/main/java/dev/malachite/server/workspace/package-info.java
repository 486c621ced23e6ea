/** Workspaces, and how a path names one. */
@NullMarked
package dev.malachite.server.workspace;

import org.jspecify.annotations.NullMarked;
