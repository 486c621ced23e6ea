/** The emulator as a container of Testcontainers. */
@NullMarked
package dev.malachite.testkit.container;

import org.jspecify.annotations.NullMarked;
