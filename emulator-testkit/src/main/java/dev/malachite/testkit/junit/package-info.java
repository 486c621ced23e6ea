/** The emulator in tests with JUnit: one annotation, everything else is a parameter. */
@NullMarked
package dev.malachite.testkit.junit;

import org.jspecify.annotations.NullMarked;
