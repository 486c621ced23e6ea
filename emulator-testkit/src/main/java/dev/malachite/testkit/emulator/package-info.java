/** A running emulator as a test needs it: where it is, whom it trusts, and one that is started for the test. */
@NullMarked
package dev.malachite.testkit.emulator;

import org.jspecify.annotations.NullMarked;
