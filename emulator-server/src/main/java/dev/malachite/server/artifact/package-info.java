/** What a run leaves behind: logs, outputs, uploaded files. */
@NullMarked
package dev.malachite.server.artifact;

import org.jspecify.annotations.NullMarked;
