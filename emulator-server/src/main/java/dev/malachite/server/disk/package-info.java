/** Whether there is room on the disk that holds the data folder. */
@NullMarked
package dev.malachite.server.disk;

import org.jspecify.annotations.NullMarked;
