/**
 * What a sweep tries, when it gives a trial up, and which trial was best: pure functions over what the trials have
 * reported, so that a sweep can be replayed.
 */
@NullMarked
package dev.malachite.engine.sweep;

import org.jspecify.annotations.NullMarked;
