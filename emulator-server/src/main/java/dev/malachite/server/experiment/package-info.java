/** Experiments: the names under which runs are kept together. */
@NullMarked
package dev.malachite.server.experiment;

import org.jspecify.annotations.NullMarked;
