/** How clients find us: cloud metadata, service discovery, and the variables that point a shell here. */
@NullMarked
package dev.malachite.server.cloud;

import org.jspecify.annotations.NullMarked;
