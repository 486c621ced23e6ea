/** The Spring Boot application. */
@NullMarked
package dev.malachite.server;

import org.jspecify.annotations.NullMarked;
