/** The control API as Java: looking inside the emulator, turning its clock, making failures happen. */
@NullMarked
package dev.malachite.testkit.client;

import org.jspecify.annotations.NullMarked;
