/** The way into compute instances by browser: who may open one, and the proxy to its Jupyter server. */
@NullMarked
package dev.malachite.server.machine;

import org.jspecify.annotations.NullMarked;
