/** The page that shows what the emulator does, and the routes that only it needs. */
@NullMarked
package dev.malachite.server.page;

import org.jspecify.annotations.NullMarked;
