/** Our own certificate authority: HTTPS without anybody else's, because clients send tokens over nothing less. */
@NullMarked
package dev.malachite.server.tls;

import org.jspecify.annotations.NullMarked;
