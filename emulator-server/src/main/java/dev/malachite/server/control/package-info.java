/** The control API below {@code /_emulator}: looking inside, turning the clock, causing failures. */
@NullMarked
package dev.malachite.server.control;

import org.jspecify.annotations.NullMarked;
