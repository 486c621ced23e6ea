/** The v1 SDK's datasets: definitions that its native engine makes and reads, saved under an id and registered under names. */
@NullMarked
package dev.malachite.server.dataset;

import org.jspecify.annotations.NullMarked;
