/** Submitting jobs with either SDK, and what a job is made of when it starts. */
@NullMarked
package dev.malachite.server.job;

import org.jspecify.annotations.NullMarked;
