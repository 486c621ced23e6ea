/** From the command line to a process that serves: options, the data folder, database, listeners. */
@NullMarked
package dev.malachite.server.start;

import org.jspecify.annotations.NullMarked;
