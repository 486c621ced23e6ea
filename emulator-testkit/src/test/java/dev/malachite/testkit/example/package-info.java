/** What a user's tests look like: Azure's own SDK against the emulator, the testkit for what Azure cannot do. */
@NullMarked
package dev.malachite.testkit.example;

import org.jspecify.annotations.NullMarked;
