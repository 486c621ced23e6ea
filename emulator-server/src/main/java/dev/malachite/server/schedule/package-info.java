/** Schedules of jobs: definitions that are submitted as new runs when their trigger is due. */
@NullMarked
package dev.malachite.server.schedule;

import org.jspecify.annotations.NullMarked;
