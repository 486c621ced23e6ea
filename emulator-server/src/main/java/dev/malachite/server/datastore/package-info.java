/** Datastores in the shapes of both SDKs, and the two that every workspace has from the start. */
@NullMarked
package dev.malachite.server.datastore;

import org.jspecify.annotations.NullMarked;
