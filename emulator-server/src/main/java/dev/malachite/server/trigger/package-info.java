/** When something that recurs is due: cron expressions, recurrences, time zones. Pure arithmetic. */
@NullMarked
package dev.malachite.server.trigger;

import org.jspecify.annotations.NullMarked;
