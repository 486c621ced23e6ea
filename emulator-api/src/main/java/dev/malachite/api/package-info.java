/** What crosses the wire: resource ids, errors and control messages. No framework. */
@NullMarked
package dev.malachite.api;

import org.jspecify.annotations.NullMarked;
