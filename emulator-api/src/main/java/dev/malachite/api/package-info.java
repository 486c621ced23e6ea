/** Errors as Azure states them, for the emulator and for who reads its answers. No framework. */
@NullMarked
package dev.malachite.api;

import org.jspecify.annotations.NullMarked;
